package dev.orderflow.delivery;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells a failure that passes by itself from one that stays. What passes is waited out and parks no order; what stays
 * is the record's own fault, or ours.
 */
public final class Outage {

    /** Connection, login, transaction rollback (serialization, deadlock), resources, operator, system: SQLState classes. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "28", "40", "53", "57", "58");

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    /** PostgreSQL ended a transaction that waited for this process too long, such as one that was frozen. */
    private static final String IDLE_IN_TRANSACTION = "25P03";

    private static final Set<String> PASSING =
            Set.of(LOCK_NOT_AVAILABLE, IDLE_IN_TRANSACTION, ReadOnlySessions.READ_ONLY);

    private static final String STATEMENT_TIMEOUT = "57014";
    private static final int CAUSES_MAX = 20;
    private static final int SENTENCE_CHARS_MAX = 200;

    private Outage() {}

    /** True for a failure that no record caused and that passes. */
    public static boolean is(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            if (isPassing(cause)) {
                return true;
            }
        }
        return false;
    }

    /** A statement took longer than the server lets it: it is slow for its size, or the server is. */
    static boolean isStatementTimeout(Throwable failure) {
        return STATEMENT_TIMEOUT.equals(state(failure));
    }

    /** A missing table, a wrong statement or a missing right: ours to mend, and the same for every record. */
    static boolean isOurFault(Throwable failure) {
        String state = state(failure);
        return state.startsWith("42") || state.startsWith("3F") || state.startsWith("25") && !PASSING.contains(state);
    }

    private static boolean isPassing(Throwable cause) {
        if (cause instanceof SQLException sql) {
            String state = sql.getSQLState() == null ? "" : sql.getSQLState();
            // The driver's failures have a state; one without is the pool's, whose connection was closed under a batch.
            return sql.getSQLState() == null
                    || cause instanceof SQLTransientException
                    || cause instanceof SQLRecoverableException
                    || state.length() == 5 && PASSING_CLASSES.contains(state.substring(0, 2))
                    || PASSING.contains(state);
        }
        return cause instanceof RetriableException
                || isRefused(cause)
                || cause instanceof SocketException
                || cause instanceof UnknownHostException
                || cause instanceof EOFException
                || cause instanceof FileSystemException
                || cause instanceof GenericFileOperationFailedException
                || isStop(cause)
                || MailFailure.isPassing(cause);
    }

    /** What the brokers refuse is granted again one day; no order is to blame for it. */
    private static boolean isRefused(Throwable cause) {
        return cause instanceof AuthorizationException || cause instanceof AuthenticationException;
    }

    /** A permission or a password that is not there, which does not pass without a person. */
    static boolean isRefusal(Throwable failure) {
        return failure != null && isRefused(root(failure));
    }

    /** What a stop, or a consumer that is made anew, does to the batch in hand once it has waited long enough. */
    private static boolean isStop(Throwable cause) {
        return cause instanceof InterruptedException
                || cause instanceof InterruptException
                || cause instanceof InterruptedIOException
                || cause instanceof ClosedByInterruptException
                || cause instanceof RejectedExecutionException;
    }

    private static String state(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    /** The deepest cause in one line of bounded length. */
    public static String sentence(Throwable failure) {
        Throwable root = root(failure);
        String text = root.getMessage() == null || root.getMessage().isBlank()
                ? root.getClass().getSimpleName()
                : root.getMessage();
        String line = text.lines().findFirst().orElse("").strip();
        return line.length() <= SENTENCE_CHARS_MAX ? line : line.substring(0, SENTENCE_CHARS_MAX);
    }

    static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < CAUSES_MAX; depth++) {
            root = root.getCause();
        }
        return root;
    }
}
