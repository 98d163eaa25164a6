package dev.orderflow.check;

import dev.orderflow.database.SqlErrors;
import dev.orderflow.telemetry.Causes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * The SQL of a service, asked of the database itself: its SQL file is run and each statement of its routes prepared, in
 * a transaction that is rolled back.
 */
final class SqlCheck {

    /** What camel-sql takes for a parameter: {@code :#name}, {@code :#in:name}, <code>:#${...}</code>, {@code :?name}. */
    private static final Pattern PARAMETER = Pattern.compile(":[#?](in:)?(\\$\\{[^}]*}|[A-Za-z0-9_.\\[\\]]+)");

    private static final String UNKNOWN_TYPE = "42P18";

    private final YamlTree tree;
    private final RouteFile file;
    private final CamelContext context;

    SqlCheck(YamlTree tree, RouteFile file, CamelContext context) {
        this.tree = tree;
        this.file = file;
        this.context = context;
    }

    /** @throws RouteFileRefused when the database does not understand one */
    void check(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                limit(connection);
                tables(connection);
                for (YamlTree.Entry uri : tree.all("uri")) {
                    statement(connection, uri);
                }
            } finally {
                connection.rollback();
            }
        }
    }

    /** A look must not wait behind the service that works meanwhile. */
    private static void limit(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '2s'");
        }
    }

    private void tables(Connection connection) throws SQLException {
        if (file.sql().isBlank()) {
            return;
        }
        int from = 0;
        // One by one, as the driver sends them anyway: a complaint counts from the beginning of its own statement.
        for (NativeQuery part : Parser.parseJdbcSql(file.sql(), true, false, true, false, false)) {
            from = file.sql().indexOf(part.nativeSql, from);
            try (var statement = connection.createStatement()) {
                statement.execute(part.nativeSql);
            } catch (SQLException e) {
                int line = SqlErrorLine.line(file.sql(), from, e);
                throw refusedOrOutage(
                        e, new RouteFileRefused(RouteFile.sqlName(file.name()), line, "%s", Causes.named(e)));
            }
            from += part.nativeSql.length();
        }
    }

    private void statement(Connection connection, YamlTree.Entry uri) throws SQLException {
        String resolved = context.resolvePropertyPlaceholders(uri.text());
        if (!resolved.equals("sql") && !resolved.startsWith("sql:")) {
            return;
        }
        var query =
                YamlTree.find(uri.within(), "parameters").flatMap(options -> YamlTree.find(options.value(), "query"));
        String sql = query.map(YamlTree.Entry::text).orElseGet(() -> resolved.replaceFirst("^sql:", ""));
        int line = query.map(YamlTree.Entry::line).orElse(uri.valueLine());
        if (sql.startsWith("classpath:") || sql.startsWith("file:")) {
            return;
        }
        String prepared =
                PARAMETER.matcher(context.resolvePropertyPlaceholders(sql)).replaceAll("?");
        try (var statement = connection.prepareStatement(prepared)) {
            // The driver asks the server only when it must.
            statement.getParameterMetaData();
        } catch (SQLException e) {
            if (!UNKNOWN_TYPE.equals(e.getSQLState())) {
                throw refusedOrOutage(e, tree.refuse(line, "the database refuses this SQL: %s", Causes.named(e)));
            }
        }
    }

    /** A database that is away says nothing about the SQL. */
    private static RuntimeException refusedOrOutage(SQLException failure, RouteFileRefused refused)
            throws SQLException {
        if (SqlErrors.isPassing(failure)) {
            throw failure;
        }
        return refused;
    }
}
