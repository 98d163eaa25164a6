package dev.orderflow.notification;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The table of mails: one row for each that went out or that nobody can get. A statement for all rows of a batch. */
final class MailTable {

    private static final String NOTE = """
            INSERT INTO notification.mail(order_id, kind, message_id, unreachable)
            SELECT * FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[])""";

    private static final String LEARN = """
            UPDATE notification.mail m SET unreachable = v.unreachable
              FROM unnest(?::uuid[], ?::text[], ?::text[]) v(order_id, kind, unreachable)
             WHERE m.order_id = v.order_id AND m.kind = v.kind""";

    private static final String TAKE_BACK = """
            DELETE FROM notification.mail m USING unnest(?::uuid[], ?::text[]) v(order_id, kind)
             WHERE m.order_id = v.order_id AND m.kind = v.kind""";

    /**
     * A row.
     *
     * @param unreachable why the mail could not go out; null where it did
     */
    record MailRow(UUID order, String kind, String messageId, String unreachable) {}

    private MailTable() {}

    static void note(Connection connection, List<MailRow> notes) throws SQLException {
        try (var insert = connection.prepareStatement(NOTE)) {
            insert.setArray(1, array(connection, "uuid", notes, MailRow::order));
            insert.setArray(2, array(connection, "text", notes, MailRow::kind));
            insert.setArray(3, array(connection, "text", notes, MailRow::messageId));
            insert.setArray(4, array(connection, "text", notes, MailRow::unreachable));
            insert.executeUpdate();
        }
    }

    /** That these reach nobody, which was not known when they were noted. */
    static void learn(Connection connection, List<MailRow> notes) throws SQLException {
        try (var update = connection.prepareStatement(LEARN)) {
            update.setArray(1, array(connection, "uuid", notes, MailRow::order));
            update.setArray(2, array(connection, "text", notes, MailRow::kind));
            update.setArray(3, array(connection, "text", notes, MailRow::unreachable));
            update.executeUpdate();
        }
    }

    /** For mails that did not go out after all. */
    static void takeBack(Connection connection, List<MailRow> notes) throws SQLException {
        try (var delete = connection.prepareStatement(TAKE_BACK)) {
            delete.setArray(1, array(connection, "uuid", notes, MailRow::order));
            delete.setArray(2, array(connection, "text", notes, MailRow::kind));
            delete.executeUpdate();
        }
    }

    private static Array array(
            Connection connection, String type, List<MailRow> notes, Function<MailRow, Object> column)
            throws SQLException {
        return connection.createArrayOf(type, notes.stream().map(column).toArray());
    }
}
