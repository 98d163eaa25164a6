package dev.orderflow.bench;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Order;
import dev.orderflow.events.Times;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One transaction by hand: what is known, the work on what is fresh, and the receipts with their outcomes. */
final class RawTransaction {

    private static final String KNOWN =
            "SELECT order_id FROM delivery.receipts WHERE service = ? AND order_id = ANY(?)";
    private static final String RECEIPTS =
            "INSERT INTO delivery.receipts(service, order_id, event, outcome) SELECT ?, v.id, 'order-placed', v.o FROM unnest(?::uuid[], ?::text[]) v(id, o)";

    private final DataSource database;
    private final RawWork work;
    private final String eventsTopic;
    private final String version;

    RawTransaction(DataSource database, RawWork work, String eventsTopic) {
        this(database, work, eventsTopic, "");
    }

    /** @param version of the route that its events and receipts name; empty for none */
    RawTransaction(DataSource database, RawWork work, String eventsTopic, String version) {
        this.database = database;
        this.work = work;
        this.eventsTopic = eventsTopic;
        this.version = version;
    }

    /** Acts on those of these orders that are new, and gives the events to append. */
    List<ProducerRecord<String, byte[]>> run(Map<UUID, Order> orders) throws Exception {
        String now = Times.text(Instant.now());
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            forget(connection, orders);
            Map<UUID, String> said = Map.of();
            if (!orders.isEmpty()) {
                said = work.act(connection, orders.values());
                note(connection, orders, said, now);
            }
            connection.commit();
            var events = new ArrayList<ProducerRecord<String, byte[]>>(said.size());
            said.forEach((id, body) -> events.add(event(id, body, now)));
            return events;
        }
    }

    private void forget(Connection connection, Map<UUID, Order> orders) throws SQLException {
        try (var select = connection.prepareStatement(KNOWN)) {
            select.setString(1, work.service());
            RawWork.bind(select, 2, "uuid", List.copyOf(orders.keySet()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    orders.remove(rows.getObject(1, UUID.class));
                }
            }
        }
    }

    private void note(Connection connection, Map<UUID, Order> orders, Map<UUID, String> said, String now)
            throws SQLException {
        var ids = new ArrayList<>(orders.keySet());
        var outcomes = new ArrayList<String>(ids.size());
        String of = version.isEmpty() ? "" : "\",\"version\":\"" + version;
        for (UUID id : ids) {
            String body = said.get(id);
            outcomes.add(
                    body == null
                            ? null
                            : "[{\"type\":\"" + work.says() + "\",\"time\":\"" + now + of + "\",\"body\":" + body
                                    + "}]");
        }
        try (var insert = connection.prepareStatement(RECEIPTS)) {
            insert.setString(1, work.service());
            RawWork.bind(insert, 2, "uuid", ids);
            RawWork.bind(insert, 3, "text", outcomes);
            insert.executeUpdate();
        }
    }

    private ProducerRecord<String, byte[]> event(UUID id, String body, String now) {
        var event = new ProducerRecord<>(eventsTopic, id.toString(), body.getBytes(StandardCharsets.UTF_8));
        Backlog.headers(
                event.headers(),
                id + "/" + work.says(),
                CloudEvents.wireType(work.says()),
                "/orderflow/" + work.service(),
                now);
        if (!version.isEmpty()) {
            event.headers().add(CloudEvents.ROUTE_VERSION, version.getBytes(StandardCharsets.UTF_8));
        }
        return event;
    }
}
