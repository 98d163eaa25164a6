package dev.orderflow.delivery;

import dev.orderflow.database.SqlErrors;
import dev.orderflow.telemetry.Causes;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells a failure that passes by itself from one that stays. What passes is waited out and parks no order; what stays
 * is the record's own fault, or ours.
 */
public final class FailureClassifier {

    /** Of the services whose effects leave the database. */
    private static final List<FailureRule> RULES =
            ServiceLoader.load(FailureRule.class, FailureRule.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private static final int CAUSES_MAX = 20;

    private FailureClassifier() {}

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

    private static boolean isPassing(Throwable cause) {
        if (cause instanceof SQLException sql) {
            return SqlErrors.isPassing(sql);
        }
        return cause instanceof RetriableException
                || isRefused(cause)
                || cause instanceof SocketException
                || cause instanceof HttpTimeoutException
                || cause instanceof SSLException
                || cause instanceof TimeoutException
                || cause instanceof UnknownHostException
                || cause instanceof EOFException
                || cause instanceof FileSystemException
                || cause instanceof GenericFileOperationFailedException
                || isStop(cause)
                || RULES.stream().anyMatch(rule -> rule.isPassing(cause));
    }

    /** The other side puts off this one, and may take others. */
    static boolean isPutOff(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            Throwable one = cause;
            if (RULES.stream().anyMatch(rule -> rule.isPutOff(one))) {
                return true;
            }
        }
        return false;
    }

    /** Whom one cause is about, by the services' own rules; empty where none knows. */
    static String whom(Throwable cause) {
        return RULES.stream()
                .map(rule -> rule.whom(cause))
                .filter(whom -> !whom.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Whether an effect that said this shows that the other side takes what it is given. */
    static boolean isTaken(String said) {
        return RULES.stream().allMatch(rule -> rule.isTaken(said));
    }

    /** What the brokers refuse is granted again one day; no order is to blame for it. */
    private static boolean isRefused(Throwable cause) {
        return cause instanceof AuthorizationException || cause instanceof AuthenticationException;
    }

    /** A permission or a password that is not there, which does not pass without a person. */
    static boolean isRefusal(Throwable failure) {
        return failure != null && isRefused(Causes.root(failure));
    }

    /** What a stop, or a consumer that is made anew, does to the batch in hand once it has waited long enough. */
    private static boolean isStop(Throwable cause) {
        return cause instanceof InterruptedException
                || cause instanceof InterruptException
                || cause instanceof InterruptedIOException
                || cause instanceof ClosedByInterruptException
                || cause instanceof RejectedExecutionException;
    }
}
