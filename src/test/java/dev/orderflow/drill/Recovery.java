package dev.orderflow.drill;

import dev.orderflow.drill.History.Wish;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;

/**
 * When orders flowed again: when the first order of every partition that was accepted after a moment had a receipt of
 * every service.
 *
 * @param acceptedMs when the last of those orders was seen accepted
 * @param last the services that were waited for last
 */
record Recovery(long ms, long acceptedMs, String last) {

    static final long NEVER = -1;

    private static final String DONE =
            "SELECT service, count(*) FROM delivery.receipts WHERE event = 'order-placed' AND order_id = ANY (?) GROUP BY service";
    private static final long POLL_MS = 50;

    /** The recovery from {@code from} on, or one of {@link #NEVER} when the limit is over before. */
    static Recovery await(Stage stage, Instant from, Duration limit) {
        Instant until = Instant.now().plus(limit);
        long accepted = NEVER;
        Set<String> missing = Set.of("intake");
        while (Instant.now().isBefore(until)) {
            try (Connection connection = stage.postgres.connect();
                    var done = connection.prepareStatement(DONE)) {
                while (Instant.now().isBefore(until)) {
                    List<UUID> firsts = firsts(stage.history, from);
                    if (firsts.size() == Stage.PARTITIONS) {
                        long now = Duration.between(from, Instant.now()).toMillis();
                        accepted = accepted == NEVER ? now : accepted;
                        Set<String> still = missing(connection, done, firsts);
                        if (still.isEmpty()) {
                            return new Recovery(now, accepted, String.join(" and ", missing));
                        }
                        missing = still;
                    }
                    Fault.pause(POLL_MS);
                }
            } catch (SQLException e) {
                Fault.pause(POLL_MS);
            }
        }
        return new Recovery(NEVER, accepted, String.join(" and ", missing));
    }

    /** The services that have not done them all. */
    private static Set<String> missing(Connection connection, PreparedStatement done, List<UUID> firsts)
            throws SQLException {
        Set<String> missing = new TreeSet<>(Checker.HEARS.keySet());
        done.setArray(1, connection.createArrayOf("uuid", firsts.toArray()));
        try (var row = done.executeQuery()) {
            while (row.next()) {
                if (row.getInt(2) == firsts.size()) {
                    missing.remove(row.getString(1));
                }
            }
        }
        return missing;
    }

    @Override
    public String toString() {
        return ms == NEVER
                ? "NEVER, last was " + last
                : "after %d ms; accepted after %d ms, last was %s".formatted(ms, acceptedMs, last);
    }

    private static List<UUID> firsts(History history, Instant from) {
        var firsts = new TreeMap<Integer, UUID>();
        for (Wish wish : history.acceptedAfter(from)) {
            String id = wish.orderIds().get(0);
            firsts.putIfAbsent(partition(id), UUID.fromString(id));
        }
        return new ArrayList<>(firsts.values());
    }

    /** As Kafka's own partitioner has it. */
    private static int partition(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % Stage.PARTITIONS;
    }
}
