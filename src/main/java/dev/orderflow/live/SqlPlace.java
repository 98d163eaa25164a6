package dev.orderflow.live;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The line of a SQL text that PostgreSQL's complaint points at. */
final class SqlPlace {

    private SqlPlace() {}

    static int line(String sql, SQLException failure) {
        ServerErrorMessage message = failure instanceof PSQLException told ? told.getServerErrorMessage() : null;
        int position = message == null ? 0 : message.getPosition();
        int end = Math.min(Math.max(position - 1, 0), sql.length());
        return 1 + (int) sql.substring(0, end).chars().filter(c -> c == '\n').count();
    }
}
