package dev.orderflow.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.credentials.DatabasePassword;
import java.util.Locale;
import java.util.regex.Pattern;
import org.postgresql.PGProperty;

/**
 * The pool of PostgreSQL connections that a process shares, with its schema brought up to date before anybody uses it.
 * Declared in {@code beans.camel.yaml}, so that the same routes run wherever Camel runs.
 */
public class Database extends HikariDataSource {

    /** What PostgreSQL knows our sessions by. */
    public static final String APPLICATION = "orderflow";

    private static final Pattern ADDRESS = Pattern.compile("jdbc:postgresql://(?:[^/?]*@)?([^/?]+).*");

    // Locks are not waited for as long as the driver waits for an answer, or the server would go on waiting for a
    // session that nobody has any more; nor as long as a statement may take, or a lock would look like a slow
    // statement.
    private static final String SESSION = """
            SELECT set_config('idle_in_transaction_session_timeout', '%1$d', false),
                   set_config('lock_timeout', CASE
                       WHEN t.setting = '0' OR t.setting::bigint * 3 / 4 >= %2$d THEN '%2$d'
                       ELSE (t.setting::bigint * 3 / 4)::text END, false)
              FROM pg_settings t WHERE t.name = 'statement_timeout'""";

    private int transactionIdleMs = 60_000;
    private int lockWaitMs = 10_000;
    private long startWaitMs = 60_000;
    private boolean migrate = true;

    public Database() {
        setPoolName("database");
        // An outage shows after two seconds without a connection, and thirty without an answer.
        setConnectionTimeout(2_000);
        setInitializationFailTimeout(-1);
        addDataSourceProperty("connectTimeout", "2");
        addDataSourceProperty("socketTimeout", "30");
        addDataSourceProperty("tcpKeepAlive", "true");
        // The statements of a batch are few and always the same: prepare them on first sight.
        addDataSourceProperty("prepareThreshold", "1");
        addDataSourceProperty("ApplicationName", APPLICATION);
        setExceptionOverride(new ReadOnlySessions(this));
        sessions();
    }

    /** JDBC address, {@code jdbc:postgresql://host:port/database}. */
    public void setUrl(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("database.url must begin with jdbc:postgresql:, but was '"
                    + url.replaceAll("password=[^&]*", "password=***") + "'.");
        }
        setJdbcUrl(url);
    }

    /** The password, or {@code file:} and the path of a file that holds it, read again with each new connection. */
    @Override
    public void setPassword(String password) {
        super.setPassword(password);
        DatabasePassword.plugin(password)
                .ifPresent(
                        plugin -> addDataSourceProperty(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName(), plugin));
    }

    /** {@code host:port} of a JDBC address, for a person; nothing else of it, since it may carry a password. */
    public static String address(String url) {
        var address = ADDRESS.matcher(url == null ? "" : url);
        return address.matches() ? address.group(1) : "";
    }

    /**
     * How long a transaction may wait for this process before PostgreSQL ends it, in milliseconds. A process that froze,
     * or lost its network for good, would hold its row locks for hours otherwise, and its whole service with them.
     */
    public void setTransactionIdleMs(int transactionIdleMs) {
        this.transactionIdleMs = transactionIdleMs;
        sessions();
    }

    /** How long a statement may wait for a lock before it is tried again, in milliseconds; below the 30 s of an answer. */
    public void setLockWaitMs(int lockWaitMs) {
        this.lockWaitMs = lockWaitMs;
        sessions();
    }

    private void sessions() {
        // PostgreSQL knows ASCII digits only.
        setConnectionInitSql(String.format(Locale.ROOT, SESSION, transactionIdleMs, lockWaitMs));
    }

    /** How long to wait at start for a database that is not there yet, in milliseconds. */
    public void setStartWaitMs(long startWaitMs) {
        this.startWaitMs = startWaitMs;
    }

    /** False where another process, with more rights, brings the schema up to date. */
    public void setMigrate(boolean migrate) {
        this.migrate = migrate;
    }

    /** Brings the schema up to date. Waits for the database, then fails with a sentence. */
    public void start() {
        new Migrations(this).apply(migrate, startWaitMs);
    }
}
