package dev.orderflow.settings;

import java.util.ServiceLoader;

/**
 * Brings along the broker and the database of a process that was given no address of them. A start finds it by
 * ServiceLoader; the production build has none.
 */
public interface LocalParts {

    /**
     * Starts what {@code kafka.brokers} and {@code database.url} leave empty, and returns when it answers.
     *
     * @throws CannotStart with the sentence for a person
     */
    Running start(Settings settings);

    /**
     * The addresses of what another process of this machine started with these settings, and left empty in them.
     *
     * @throws CannotStart when nothing was ever started in its data folder
     */
    Settings reach(Settings settings);

    /**
     * With the addresses of a broker and a database that another process runs here, where none are set.
     *
     * @throws CannotStart when there are none, with what to set
     */
    static Settings reached(Settings settings) {
        if (settings.isSet("kafka.brokers") && settings.isSet("database.url")) {
            return settings;
        }
        return ServiceLoader.load(LocalParts.class)
                .findFirst()
                .orElseThrow(
                        () -> new CannotStart(
                                "Set KAFKA_BROKERS (host:port,host:port) and DATABASE_URL (jdbc:postgresql://host:5432/orderflow), with DATABASE_USER and DATABASE_PASSWORD."))
                .reach(settings);
    }

    /** Parts that run, until they are closed or this process ends in whatever way. */
    interface Running extends AutoCloseable {

        /** The settings with the addresses of what was started. */
        Settings settings();

        @Override
        void close();
    }
}
