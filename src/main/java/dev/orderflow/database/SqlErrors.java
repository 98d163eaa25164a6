package dev.orderflow.database;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.Set;

/** What PostgreSQL's errors mean, by SQLState: the one list of those that pass by themselves. */
public final class SqlErrors {

    /** Connection, login, transaction rollback (serialization, deadlock), resources, operator, system: SQLState classes. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "28", "40", "53", "57", "58");

    /** A session that may only read, as one on a server that became a standby. */
    static final String READ_ONLY = "25006";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    /** PostgreSQL ended a transaction that waited for this process too long, such as one that was frozen. */
    private static final String IDLE_IN_TRANSACTION = "25P03";

    private static final Set<String> PASSING = Set.of(LOCK_NOT_AVAILABLE, IDLE_IN_TRANSACTION, READ_ONLY);
    private static final String STATEMENT_TIMEOUT = "57014";
    private static final int STATE_CHARS = 5;
    private static final int CAUSES_MAX = 20;

    private SqlErrors() {}

    /** One error, without its causes. */
    public static boolean isPassing(SQLException error) {
        String state = error.getSQLState();
        // The driver's failures have a state; one without is the pool's, whose connection was closed under a batch.
        return state == null
                || error instanceof SQLTransientException
                || error instanceof SQLRecoverableException
                || state.length() == STATE_CHARS && PASSING_CLASSES.contains(state.substring(0, 2))
                || PASSING.contains(state);
    }

    /** Whether the database says so, and says it for now only. */
    public static boolean isPassing(Throwable failure) {
        return first(failure).filter(SqlErrors::isPassing).isPresent();
    }

    /** A statement took longer than the server lets it: it is slow for its size, or the server is. */
    public static boolean isStatementTimeout(Throwable failure) {
        return STATEMENT_TIMEOUT.equals(state(failure));
    }

    /** A missing table, a wrong statement or a missing right: ours to mend, and the same for every record. */
    public static boolean isOurFault(Throwable failure) {
        String state = state(failure);
        return state.startsWith("42") || state.startsWith("3F") || state.startsWith("25") && !PASSING.contains(state);
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

    private static Optional<SQLException> first(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
