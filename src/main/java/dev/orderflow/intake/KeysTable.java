package dev.orderflow.intake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** The table {@code intake.keys} of PostgreSQL. */
final class KeysTable implements IdempotencyKeys {

    private static final String CLAIM = """
            INSERT INTO intake.keys AS k (id, payload_hash, state, lease_until)
            VALUES (?, ?, 'pending', now() + ? * interval '1 millisecond')
            ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
            WHERE k.state = 'pending' AND k.lease_until <= now() AND k.payload_hash = excluded.payload_hash""";
    // The rows come in an order of their own, so that two bulks with the same keys cannot wait for each other.
    private static final String CLAIM_ALL = """
            INSERT INTO intake.keys AS k (id, payload_hash, state, lease_until)
            SELECT v.id, v.hash, 'pending', now() + ? * interval '1 millisecond'
              FROM unnest(?::uuid[], ?::bytea[]) AS v (id, hash) ORDER BY v.id
            ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
            WHERE k.state = 'pending' AND k.lease_until <= now() AND k.payload_hash = excluded.payload_hash
            RETURNING id""";
    private static final String LOOK = "SELECT payload_hash, state FROM intake.keys WHERE id = ?";
    private static final String ACCEPT = "UPDATE intake.keys SET state = 'accepted' WHERE id = ANY(?)";
    private static final String RELEASE =
            "UPDATE intake.keys SET lease_until = now() WHERE id = ANY(?) AND state = 'pending'";
    private static final String FORGET = """
            DELETE FROM intake.keys WHERE id IN
              (SELECT id FROM intake.keys WHERE at < now() - ? * interval '1 hour' LIMIT ?)""";
    private static final int FORGOTTEN_AT_ONCE = 10_000;

    private final DataSource database;
    private final int leaseMs;

    KeysTable(DataSource database, int leaseMs) {
        this.database = database;
        this.leaseMs = leaseMs;
    }

    @Override
    public Claim claim(KeyedOrder keyed) throws SQLException {
        try (var connection = connection();
                var insert = connection.prepareStatement(CLAIM)) {
            insert.setObject(1, keyed.id());
            insert.setBytes(2, keyed.payloadHash());
            insert.setInt(3, leaseMs);
            return insert.executeUpdate() == 1 ? Claim.OURS : look(connection, keyed);
        }
    }

    @Override
    public Map<UUID, Claim> claim(Collection<KeyedOrder> keyed) throws SQLException {
        // One statement, and one more for each key that is known.
        Map<UUID, Claim> claims = new HashMap<>();
        try (var connection = connection();
                var insert = connection.prepareStatement(CLAIM_ALL)) {
            insert.setInt(1, leaseMs);
            insert.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", keyed.stream().map(KeyedOrder::id).toArray()));
            insert.setArray(
                    3,
                    connection.createArrayOf(
                            "bytea", keyed.stream().map(KeyedOrder::payloadHash).toArray(byte[][]::new)));
            try (var ours = insert.executeQuery()) {
                while (ours.next()) {
                    claims.put(ours.getObject(1, UUID.class), Claim.OURS);
                }
            }
            for (KeyedOrder one : keyed) {
                if (!claims.containsKey(one.id())) {
                    claims.put(one.id(), look(connection, one));
                }
            }
        }
        return claims;
    }

    private static Claim look(Connection connection, KeyedOrder keyed) throws SQLException {
        try (var look = connection.prepareStatement(LOOK)) {
            look.setObject(1, keyed.id());
            try (var row = look.executeQuery()) {
                if (!row.next()) {
                    // Forgotten by age in this moment; a repetition will claim it.
                    return Claim.IN_FLIGHT;
                }
                if (!Arrays.equals(row.getBytes(1), keyed.payloadHash())) {
                    return Claim.OTHER_PAYLOAD;
                }
                return row.getString(2).equals("accepted") ? Claim.ACCEPTED : Claim.IN_FLIGHT;
            }
        }
    }

    @Override
    public void accept(UUID id) throws SQLException {
        update(ACCEPT, List.of(id));
    }

    @Override
    public void release(UUID id) throws SQLException {
        update(RELEASE, List.of(id));
    }

    @Override
    public void accept(Collection<UUID> ids) throws SQLException {
        update(ACCEPT, ids);
    }

    @Override
    public void release(Collection<UUID> ids) throws SQLException {
        update(RELEASE, ids);
    }

    @Override
    public int forget(int hours) throws SQLException {
        int forgotten = 0;
        try (var connection = connection();
                var delete = connection.prepareStatement(FORGET)) {
            int part = FORGOTTEN_AT_ONCE;
            while (part == FORGOTTEN_AT_ONCE) {
                delete.setInt(1, hours);
                delete.setInt(2, FORGOTTEN_AT_ONCE);
                part = delete.executeUpdate();
                forgotten += part;
            }
        }
        return forgotten;
    }

    private void update(String sql, Collection<UUID> ids) throws SQLException {
        try (var connection = connection();
                var update = connection.prepareStatement(sql)) {
            update.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            update.executeUpdate();
        }
    }

    // Each statement is a transaction of its own.
    private Connection connection() throws SQLException {
        Connection connection = database.getConnection();
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        return connection;
    }
}
