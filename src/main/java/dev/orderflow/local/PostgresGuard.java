package dev.orderflow.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A tiny shell process that stops the database when this JVM is gone, kill -9 included: it waits on a pipe that only
 * the JVM holds open. It ignores Ctrl-C, which reaches all processes of a terminal at once, since the routes must
 * stop before their database.
 */
final class PostgresGuard implements AutoCloseable {

    private static final int STOP_S = 8;

    /** $1 is postmaster.pid, $2 the server. INT is PostgreSQL's fast shutdown, QUIT its emergency exit. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            read -r _
            [ "$(head -n 1 "$1" 2>/dev/null)" = "$2" ] || exit 0
            kill -INT "$2"
            tenths=0
            while kill -0 "$2" 2>/dev/null; do
              tenths=$((tenths + 1))
              [ "$tenths" -ne 60 ] || kill -QUIT "$2"
              [ "$tenths" -lt 100 ] || exit 1
              sleep 0.1
            done
            """;

    private final Process process;

    private PostgresGuard(Process process) {
        this.process = process;
    }

    /** Watches the server that has just been started on {@code folder}. */
    static PostgresGuard of(Path folder) throws IOException {
        var file = folder.resolve("postmaster.pid");
        long server = LeftoverPostgres.server(file)
                .orElseThrow(() -> new IOException("the server ended right after its start"))
                .pid();
        return new PostgresGuard(
                new ProcessBuilder("sh", "-c", SCRIPT, "watcher", file.toString(), Long.toString(server))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /** Stops the database and waits for its end. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor(STOP_S, TimeUnit.SECONDS);
        } catch (IOException e) {
            // The watcher is gone, and so is the database.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
