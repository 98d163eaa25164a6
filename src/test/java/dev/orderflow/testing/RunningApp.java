package dev.orderflow.testing;

import dev.orderflow.app.Application;
import dev.orderflow.settings.Settings;
import java.util.Map;
import org.apache.camel.CamelContext;

/** The whole application inside the test's JVM, on free ports. */
public final class RunningApp implements AutoCloseable {

    private final Application app;

    private RunningApp(Application app) {
        this.app = app;
    }

    /** On the shared broker and a new empty database, with {@code settings} over the defaults. */
    public static RunningApp start(Map<String, String> settings) {
        var embedded = Embedded.shared();
        return start(
                Embedded.settings()
                        .with("kafka.brokers", embedded.brokers())
                        .with("database.url", embedded.newDatabase())
                        .with("database.user", embedded.user())
                        .with("database.password", embedded.password()),
                settings);
    }

    /** With settings that the test made, such as those of {@link Embedded#settings()} for parts of its own. */
    public static RunningApp start(Settings base, Map<String, String> settings) {
        var all = base.with("orderflow.http.port", "0")
                .with("orderflow.management.port", "0")
                .with("orderflow.warmUpMs", "0");
        for (var setting : settings.entrySet()) {
            all = all.with(setting.getKey(), setting.getValue());
        }
        return new RunningApp(Application.start(all));
    }

    public CamelContext context() {
        return app.context();
    }

    public Settings settings() {
        return app.settings();
    }

    /** The REST server's address, without a slash at its end. */
    public String url() {
        return "http://127.0.0.1:" + settings().text("orderflow.http.port");
    }

    /** The address of health and metrics, without a slash at its end. */
    public String managementUrl() {
        return "http://127.0.0.1:" + settings().text("orderflow.management.port");
    }

    @Override
    public void close() {
        app.close();
    }
}
