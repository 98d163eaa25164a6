package dev.orderflow.audit;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Rows on their way into a table of the audit, a megabyte at a time. Texts must be free of tabs and backslashes. */
final class Copy {

    private static final int CHARS = 1 << 20;

    private final CopyManager copy;
    private final String statement;
    private final StringBuilder rows = new StringBuilder(CHARS + 4_096);

    Copy(Connection connection, String table) throws SQLException {
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI();
        this.statement = "COPY " + table + " FROM STDIN";
    }

    /** An empty text stands for NULL. */
    void add(Object... values) throws SQLException, IOException {
        for (int i = 0; i < values.length; i++) {
            String text = String.valueOf(values[i]);
            rows.append(i > 0 ? "\t" : "").append(text.isEmpty() ? "\\N" : text);
        }
        rows.append('\n');
        if (rows.length() > CHARS) {
            flush();
        }
    }

    void flush() throws SQLException, IOException {
        copy.copyIn(statement, new StringReader(rows.toString()));
        rows.setLength(0);
    }
}
