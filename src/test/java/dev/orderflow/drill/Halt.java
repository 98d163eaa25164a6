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

    /** In the drill: the next time that any route of the service comes to this step, it ends. */
    static void arm(Path file, Step step) {
        arm(file, step.name());
    }

    /** The same for one route. */
    static void arm(Path file, Step step, String route) {
        arm(file, step.name() + " " + route);
    }

    private static void arm(Path file, String words) {
        try {
            var beside = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(beside, words);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the service. The file goes first, so that the next start goes on. */
    static void at(Step step, String route) {
        try {
            if (Files.exists(ARMED)) {
                String words = Files.readString(ARMED);
                if (words.equals(step.name()) || words.equals(step.name() + " " + route)) {
                    Files.deleteIfExists(ARMED);
                    Runtime.getRuntime().halt(137);
                }
            }
        } catch (IOException e) {
            // Disarmed meanwhile.
        }
    }
}
