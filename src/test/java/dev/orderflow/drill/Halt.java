package dev.orderflow.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Ends a service at a named step, as a loss of power would. The drill arms it with a file; the service looks for that
 * file at each step, and ends when the file names the step. The production build has nothing of it.
 */
final class Halt {

    enum Step {
        /** The receipts are read, and nothing is done yet. */
        AFTER_CLAIM,
        /** The effect and its events are there, the receipts are not. */
        AFTER_EFFECT,
        /** Effect and receipts are committed, and nobody was told. */
        AFTER_COMMIT,
        /** The events are acknowledged, the offset is where it was. */
        AFTER_EVENT,
        /** The offset is handed to the consumer, which has not sent it. */
        BEFORE_OFFSET
    }

    /** System property of a service: the file that arms it. */
    static final String FILE = "drill.halt";

    private static final Path ARMED = Path.of(System.getProperty(FILE, "no-such-file"));

    private Halt() {}

    /** In the drill: the next time that the service comes to this step, it ends. */
    static void arm(Path file, Step step) {
        try {
            var beside = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(beside, step.name());
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the service. The file goes first, so that the next start goes on. */
    static void at(Step step) {
        try {
            if (Files.exists(ARMED) && Files.readString(ARMED).equals(step.name())) {
                Files.deleteIfExists(ARMED);
                Runtime.getRuntime().halt(137);
            }
        } catch (IOException e) {
            // Disarmed meanwhile.
        }
    }
}
