package dev.orderflow.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/** Rows on their way into a table of the audit, in PostgreSQL's binary COPY format: a quarter of a megabyte is sent while the next one fills. */
final class BinaryCopy {

    private static final int CHUNK_BYTES = 256 * 1024;
    /** A row is far smaller: an order has 100 lines of 60 characters at most. */
    private static final int ROW_BYTES_MAX = 64 * 1024;

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final short TRAILER = -1;
    private static final int NULL = -1;

    private final CopyManager copy;
    private final ExecutorService sender;
    private final String statement;
    private ByteBuffer filling = begun(ByteBuffer.allocate(CHUNK_BYTES + ROW_BYTES_MAX));
    private ByteBuffer other = begun(ByteBuffer.allocate(CHUNK_BYTES + ROW_BYTES_MAX));
    private Future<?> sending;

    /** @param sender of one thread, since a connection takes one statement at a time */
    BinaryCopy(Connection connection, String table, ExecutorService sender) throws SQLException {
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI();
        this.sender = sender;
        this.statement = "COPY " + table + " FROM STDIN (FORMAT binary)";
    }

    /** UUID, Integer, Long, Boolean and String, as the columns are; an empty text stands for NULL. */
    void add(Object... values) throws SQLException {
        filling.putShort((short) values.length);
        for (Object value : values) {
            put(value);
        }
        if (filling.position() > CHUNK_BYTES) {
            send();
        }
    }

    private void put(Object value) {
        if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            filling.putInt(bytes.length == 0 ? NULL : bytes.length).put(bytes);
        } else if (value instanceof UUID uuid) {
            filling.putInt(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        } else if (value instanceof Integer number) {
            filling.putInt(4).putInt(number);
        } else if (value instanceof Long number) {
            filling.putInt(8).putLong(number);
        } else if (value instanceof Boolean truth) {
            filling.putInt(1).put((byte) (truth ? 1 : 0));
        } else {
            throw new IllegalArgumentException("No column takes " + value);
        }
    }

    /** Sends what is left, and waits until all is there. */
    void flush() throws SQLException {
        send();
        await();
    }

    private void send() throws SQLException {
        await();
        ByteBuffer full = filling.putShort(TRAILER);
        sending = sender.submit(() -> {
            CopyIn in = copy.copyIn(statement);
            in.writeToCopy(full.array(), 0, full.position());
            return in.endCopy();
        });
        filling = begun(other);
        other = full;
    }

    private void await() throws SQLException {
        if (sending == null) {
            return;
        }
        try {
            sending.get();
        } catch (ExecutionException e) {
            throw new SQLException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("The audit was interrupted.", e);
        }
        sending = null;
    }

    private static ByteBuffer begun(ByteBuffer buffer) {
        return buffer.clear().put(HEADER);
    }
}
