package dev.orderflow.check;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The line of a SQL text that PostgreSQL's complaint about one of its statements points at. */
final class SqlErrorLine {

    private SqlErrorLine() {}

    /** @param from where the statement begins in the text: the server sees that statement alone, and counts from there */
    static int line(String sql, int from, SQLException failure) {
        ServerErrorMessage message = failure instanceof PSQLException told ? told.getServerErrorMessage() : null;
        int position = message == null ? 0 : message.getPosition();
        int end = position > 0 ? Math.min(from + position - 1, sql.length()) : firstWord(sql, from);
        return 1 + (int) sql.substring(0, end).chars().filter(c -> c == '\n').count();
    }

    private static int firstWord(String sql, int from) {
        int at = from;
        while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
            at++;
        }
        return at;
    }
}
