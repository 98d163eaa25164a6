package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class StatusRouteTest extends ServiceRouteTest {

    private static final List<String> TOLD = List.of(
            "stock-reserved",
            "stock-short",
            "shipment-prepared",
            "shipment-held",
            "customer-notified",
            "shortage-notified");

    StatusRouteTest() {
        super("status", "statusOnce", "orders,order-events");
    }

    @Test
    void notesEveryKindOfEventInTheTimelineAndSaysNothing() {
        UUID order = UUID.randomUUID();
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        TOLD.forEach(type -> records.add(Records.event(EVENTS, order, type, "{\"orderId\":\"%s\"}".formatted(order))));
        records.add(Records.placed(ORDERS, Records.order(order, "mug", 1)));

        staged.broker.feed("status", records);

        assertThat(statement("status.timeline").array(2))
                .containsExactlyInAnyOrder(records.stream()
                        .map(one -> StagedRoutes.header(one, "ce_id").split("/")[1])
                        .toArray());
        assertThat(statement("status.orders").array(1)).containsExactly(order);
        assertThat(staged.journal.all(ProducerRecord.class)).isEmpty();
    }

    private StubDatabase.Statement statement(String table) {
        return staged.journal.all(StubDatabase.Statement.class).stream()
                .filter(statement -> statement.sql().contains("INSERT INTO " + table))
                .reduce((one, other) -> {
                    throw new AssertionError("Two statements on " + table);
                })
                .orElseThrow();
    }
}
