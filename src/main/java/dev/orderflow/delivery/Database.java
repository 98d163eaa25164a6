package dev.orderflow.delivery;

import com.zaxxer.hikari.HikariDataSource;
import java.util.regex.Pattern;

/**
 * The pool of PostgreSQL connections that a process shares, with its schema brought up to date before anybody uses it.
 * Declared in {@code beans.camel.yaml}, so that the same routes run wherever Camel runs.
 */
public class Database extends HikariDataSource {

    private static final Pattern ADDRESS = Pattern.compile("jdbc:postgresql://(?:[^/?]*@)?([^/?]+).*");

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
        addDataSourceProperty("ApplicationName", "orderflow");
    }

    /** JDBC address, {@code jdbc:postgresql://host:port/database}. */
    public void setUrl(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("database.url must begin with jdbc:postgresql:, but was '"
                    + url.replaceAll("password=[^&]*", "password=***") + "'.");
        }
        setJdbcUrl(url);
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
        setConnectionInitSql("SET idle_in_transaction_session_timeout = " + transactionIdleMs);
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
