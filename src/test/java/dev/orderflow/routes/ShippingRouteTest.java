package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Event;
import dev.orderflow.testing.Records;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ShippingRouteTest extends ServiceRouteTest {

    ShippingRouteTest() {
        super("shipping", "shippingOnce", "orders,order-events", EVENTS);
    }

    /** Country and pieces, and the carrier that takes them. */
    static final class Carriers implements RouterTable {

        private record Row(String country, int[] quantities, String outcome) {

            String words() {
                return Arrays.toString(quantities) + " to " + country;
            }
        }

        private static final String SHORTAGE = "a shortage";

        private static final List<Row> ROWS = List.of(
                row("DE", "swift-post next-day, 1 pieces", 1),
                row("DE", "swift-post next-day, 100 pieces", 60, 40),
                row("DE", "northway-freight pallet, 101 pieces", 60, 41),
                row("DE", "northway-freight pallet, 9999 pieces", 9_999),
                row("GB", "world-parcel tracked, 1 pieces", 1),
                row("US", "world-parcel tracked, 100 pieces", 100),
                row("GB", "northway-freight pallet, 101 pieces", 101));

        private static Row row(String country, String outcome, int... quantities) {
            return new Row(country, quantities, "shipment-prepared: " + outcome);
        }

        @Override
        public Map<String, String> expected() {
            var expected = new LinkedHashMap<String, String>();
            ROWS.forEach(row -> expected.put(row.words(), row.outcome()));
            expected.put(SHORTAGE, "shipment-held: stock-short");
            return expected;
        }

        @Override
        public Map<String, String> outcomes(StagedRoutes staged) {
            staged.database.finds(Carriers::shipments);
            var inputs = new LinkedHashMap<String, UUID>();
            var records = new ArrayList<ProducerRecord<String, byte[]>>();
            for (Row row : ROWS) {
                UUID order = UUID.randomUUID();
                inputs.put(row.words(), order);
                records.add(Records.placed(ORDERS, order(order, row.country(), row.quantities())));
            }
            UUID held = UUID.randomUUID();
            inputs.put(SHORTAGE, held);
            records.add(stockShort(held));
            staged.broker.feed("shipping", records);
            var outcomes = new LinkedHashMap<String, String>();
            inputs.forEach((words, order) -> outcomes.put(words, outcome(staged, order)));
            return outcomes;
        }

        /** As PostgreSQL would: each order is new, and what is short has a parcel already. */
        static List<List<Object>> shipments(StubDatabase.Statement statement) {
            Object then = statement.sql().contains("'held'") ? true : "prepared";
            return Stream.of(statement.array(1))
                    .map(order -> List.of(order, then))
                    .toList();
        }

        private static String outcome(StagedRoutes staged, UUID order) {
            var said = staged.broker.appended(EVENTS).stream()
                    .filter(event -> event.key().equals(order.toString()))
                    .map(event -> {
                        var body = StagedRoutes.json(event);
                        return body.has("carrier")
                                ? "shipment-prepared: %s %s, %d pieces"
                                        .formatted(
                                                body.path("carrier").asText(),
                                                body.path("serviceLevel").asText(),
                                                body.path("pieces").asInt())
                                : "shipment-held: " + body.path("reason").asText();
                    })
                    .toList();
            return said.isEmpty() ? "nothing" : String.join("; ", said);
        }
    }

    @Override
    List<List<Object>> rows(StubDatabase.Statement statement) {
        return Carriers.shipments(statement);
    }

    @Test
    void givesEachParcelItsCarrier() {
        var table = new Carriers();

        assertThat(table.outcomes(staged)).isEqualTo(table.expected());
        assertThat(staged.broker.appended(DEAD_LETTERS)).isEmpty();
    }

    @Test
    void booksABatchWithTwoStatements() {
        feed(
                Records.placed(ORDERS, Records.order(UUID.randomUUID(), "mug", 1)),
                stockShort(UUID.randomUUID()),
                Records.placed(ORDERS, Records.order(UUID.randomUUID(), "mug", 1)));

        assertThat(staged.journal.all(StubDatabase.Statement.class))
                .filteredOn(statement -> statement.sql().contains("shipping.shipment"))
                .extracting(statement -> statement.array(1).length)
                .containsExactly(1, 2);
        assertThat(staged.journal.all()).filteredOn("commit"::equals).hasSize(1);
        assertThat(staged.broker.appended(EVENTS)).hasSize(3);
    }

    @Test
    void keepsNothingOfABatchWhoseRouterFails() {
        UUID lost = UUID.randomUUID();
        staged.database.finds(statement -> {
            throw new IllegalStateException("the shelf fell down");
        });

        feed(Records.placed(ORDERS, Records.order(lost, "mug", 1)));

        assertThat(staged.journal.all())
                .filteredOn(entry -> entry.equals("commit") || entry.equals("rollback"))
                .as("the effect is rolled back, the parking committed")
                .containsExactly("rollback", "commit");
        assertThat(staged.broker.appended(DEAD_LETTERS)).singleElement().satisfies(letter -> {
            assertThat(StagedRoutes.header(letter, "orderflow-id"))
                    .isEqualTo("shipping/" + lost + "/" + Event.ORDER_PLACED);
            assertThat(StagedRoutes.header(letter, "kafka_dlt-exception-message"))
                    .isEqualTo("the shelf fell down");
        });
    }
}
