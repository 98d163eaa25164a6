package dev.orderflow.drill;

import dev.orderflow.drill.History.Wish;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;

/**
 * Tells when orders flow again: when the first order of every partition that was accepted after a moment has a receipt of
 * every service.
 */
final class Recovery {

    static final long NEVER = -1;

    private static final String DONE =
            "SELECT count(*) FROM delivery.receipts WHERE event = 'order-placed' AND order_id = ANY (?)";
    private static final long POLL_MS = 50;

    private Recovery() {}

    /** Milliseconds since {@code from}, or {@link #NEVER} when the limit is over before. */
    static long await(Stage stage, Instant from, Duration limit) {
        Instant until = Instant.now().plus(limit);
        while (Instant.now().isBefore(until)) {
            try (Connection connection = stage.postgres.connect();
                    var done = connection.prepareStatement(DONE)) {
                while (Instant.now().isBefore(until)) {
                    List<UUID> firsts = firsts(stage.history, from);
                    if (firsts.size() == Stage.PARTITIONS) {
                        done.setArray(1, connection.createArrayOf("uuid", firsts.toArray()));
                        try (var row = done.executeQuery()) {
                            row.next();
                            if (row.getInt(1) == firsts.size() * Checker.HEARS.size()) {
                                return Duration.between(from, Instant.now()).toMillis();
                            }
                        }
                    }
                    Fault.pause(POLL_MS);
                }
            } catch (SQLException e) {
                Fault.pause(POLL_MS);
            }
        }
        return NEVER;
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
