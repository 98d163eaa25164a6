package dev.orderflow.local;

import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The embedded broker and database: one folder, one lock, started side by side. */
public final class EmbeddedParts implements LocalParts {

    private static final String HOST = "127.0.0.1";

    @Override
    public Running start(Settings settings) {
        var data = DataFolder.lock(Path.of(settings.text("orderflow.data.dir")));
        try {
            return start(settings, data);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static Running start(Settings settings, DataFolder data) {
        CompletableFuture<Optional<EmbeddedKafka>> broker = CompletableFuture.completedFuture(Optional.empty());
        if (!settings.isSet("kafka.brokers")) {
            int port = Ports.claim(settings, "local.kafka.port", HOST);
            broker = inBackground("broker", () -> EmbeddedKafka.start(data.resolve("kafka"), port));
        }
        CompletableFuture<Optional<EmbeddedPostgres>> database = CompletableFuture.completedFuture(Optional.empty());
        if (!settings.isSet("database.url")) {
            database = inBackground("database", () -> database(settings, data));
        }
        try {
            var ready = new Ready(settings, data, broker.join(), database.join());
            return ready;
        } catch (CompletionException e) {
            // Both must have ended their start before the folder is given back.
            close(broker);
            close(database);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public Settings reach(Settings settings) {
        var reached = settings;
        if (!settings.isSet("kafka.brokers")) {
            reached = reached.with("kafka.brokers", HOST + ":" + settings.text("local.kafka.port"));
        }
        if (!settings.isSet("database.url")) {
            var folder = Path.of(settings.text("orderflow.data.dir"));
            reached = EmbeddedPostgres.reach(reached, folder, settings.text("local.postgres.port"));
        }
        return reached;
    }

    private static EmbeddedPostgres database(Settings settings, DataFolder data) {
        var folder = settings.text("local.postgres.dir");
        var programs = PostgresBinaries.unpack(
                folder.isEmpty() ? data.path() : Path.of(folder).toAbsolutePath());
        return EmbeddedPostgres.start(data, programs, () -> Ports.claim(settings, "local.postgres.port", HOST));
    }

    private interface Start<T> {
        T start();
    }

    private static <T> CompletableFuture<Optional<T>> inBackground(String name, Start<T> start) {
        var future = new CompletableFuture<Optional<T>>();
        new Thread(
                        () -> {
                            try {
                                future.complete(Optional.of(start.start()));
                            } catch (Throwable e) {
                                future.completeExceptionally(e);
                            }
                        },
                        "start-" + name)
                .start();
        return future;
    }

    private static void close(CompletableFuture<? extends Optional<? extends AutoCloseable>> part) {
        try {
            var started = part.join();
            if (started.isPresent()) {
                started.get().close();
            }
        } catch (Exception e) {
            // It did not start; its reason, or the other one's, is being told.
        }
    }

    private record Ready(
            Settings given, DataFolder data, Optional<EmbeddedKafka> broker, Optional<EmbeddedPostgres> database)
            implements Running {

        @Override
        public Settings settings() {
            var settings = given;
            if (broker.isPresent()) {
                settings = settings.with("kafka.brokers", broker.get().address());
            }
            if (database.isPresent()) {
                settings = settings.with("database.url", database.get().url())
                        .with("database.user", EmbeddedPostgres.USER)
                        .with("database.password", database.get().password());
            }
            return settings;
        }

        @Override
        public void close() {
            broker.ifPresent(EmbeddedKafka::close);
            database.ifPresent(EmbeddedPostgres::close);
            data.close();
        }
    }
}
