package dev.orderflow.app;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Secrets;
import dev.orderflow.telemetry.Causes;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a person in one sentence why a command failed. The stack is for who asks: LOG_LEVEL=DEBUG. */
final class CommandFailure {

    private static final Logger LOG = LoggerFactory.getLogger(CommandFailure.class);

    /** The lead of a start that failed. */
    static final String START = "Could not start: ";

    private CommandFailure() {}

    /**
     * Runs the command; a failure becomes a line on standard error and {@code status}.
     *
     * @param lead of a sentence that is not ours
     */
    static int told(Callable<Integer> command, int status, String lead) {
        try {
            return command.call();
        } catch (Exception | Error e) {
            // Without memory or a class it has not asked either; the virtual machine would end with 1, which is an
            // answer.
            System.err.println("orderflow: " + Secrets.masked(of(e, lead).getMessage()));
            if (!(e instanceof CannotStart) || e.getCause() != null) {
                LOG.debug("orderflow: the failure behind that", e);
            }
            return status;
        }
    }

    /** Our own sentence where there is one among the causes; else what the first of them said. */
    static CannotStart of(Throwable failure) {
        return of(failure, START);
    }

    private static CannotStart of(Throwable failure, String lead) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CannotStart known) {
                return known;
            }
            if (isOurs(cause)) {
                return new CannotStart(cause.getMessage(), failure);
            }
        }
        String said = failure.getMessage();
        String why = Causes.whole(failure);
        String sentence = said == null || said.contains(why) || !isAboutARoute(failure) ? why : said + " " + why;
        return new CannotStart(lead + sentence.strip().replaceAll("\\s*\\R\\s*", " "), failure);
    }

    /** What our own code refuses is a sentence already, wherever Camel has wrapped it. */
    private static boolean isOurs(Throwable failure) {
        boolean refusal = failure instanceof IllegalArgumentException || failure instanceof IllegalStateException;
        var stack = failure.getStackTrace();
        return refusal
                && failure.getMessage() != null
                && stack.length > 0
                && stack[0].getClassName().startsWith("dev.orderflow.");
    }

    /** Camel's outer exception names the route or the file, and the inner one what is wrong with it. */
    private static boolean isAboutARoute(Throwable failure) {
        return failure.getClass().getName().startsWith("org.apache.camel.");
    }
}
