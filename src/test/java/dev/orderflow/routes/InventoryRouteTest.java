package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.testing.Records;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InventoryRouteTest extends ServiceRouteTest {

    InventoryRouteTest() {
        super("inventory", "once", ORDERS, EVENTS);
    }

    private void stock(Map<String, Long> available) {
        staged.database.finds(statement -> Stream.of(statement.array(1))
                .filter(available::containsKey)
                .map(sku -> List.<Object>of(sku, available.get(sku)))
                .toList());
    }

    @Test
    void reservesWhatIsThereAndNamesWhatIsShort() {
        stock(Map.of("mug", 5L, "pot", 1L));
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();

        feed(
                Records.placed(ORDERS, Records.order(first, "mug", 4)),
                Records.placed(ORDERS, Records.order(second, "mug", 2)));

        var said = staged.broker.appended(EVENTS);
        assertThat(said)
                .extracting(event -> event.key() + " " + StagedRoutes.header(event, CloudEvents.TYPE))
                .containsExactly(
                        first + " " + CloudEvents.wireType("stock-reserved"),
                        second + " " + CloudEvents.wireType("stock-short"));
        assertThat(StagedRoutes.json(said.get(0)).path("lines").toString())
                .isEqualTo("[{\"sku\":\"mug\",\"quantity\":4}]");
        assertThat(StagedRoutes.json(said.get(1)).path("missing").toString())
                .isEqualTo("[{\"sku\":\"mug\",\"wanted\":2,\"available\":1}]");
        assertThat(StagedRoutes.json(said.get(1)).at("/customer/email").asText())
                .isEqualTo("ada@example.org");
    }

    @Test
    void takesABatchFromTheShelfWithOneStatement() {
        stock(Map.of("mug", 5L, "pot", 5L));

        feed(
                Records.placed(ORDERS, Records.order(UUID.randomUUID(), "mug", 1)),
                Records.placed(ORDERS, Records.order(UUID.randomUUID(), "pot", 2)),
                Records.placed(ORDERS, Records.order(UUID.randomUUID(), "mug", 3)));

        assertThat(staged.journal.all(StubDatabase.Statement.class))
                .filteredOn(statement -> statement.sql().startsWith("UPDATE"))
                .singleElement()
                .satisfies(taken -> {
                    assertThat(taken.array(1)).containsExactly("mug", "pot");
                    assertThat(taken.array(2)).containsExactly(4L, 2L);
                });
    }

    @Test
    void actsOnceOnAnOrderThatStandsTwiceInABatch() {
        stock(Map.of("mug", 5L));
        var order = Records.placed(ORDERS, Records.order(UUID.randomUUID(), "mug", 1));

        feed(order, order);

        assertThat(staged.broker.appended(EVENTS)).hasSize(1);
    }
}
