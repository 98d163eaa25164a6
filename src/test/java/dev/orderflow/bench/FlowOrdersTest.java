package dev.orderflow.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Order.Line;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderReader.Readable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FlowOrdersTest {

    private final FlowOrders orders = new FlowOrders(7);

    @Test
    void madeAnewTheyAreTheSameOfOneSeedAndOthersOfAnother() {
        assertThat(new FlowOrders(7).request(5)).isEqualTo(orders.request(5));
        assertThat(new FlowOrders(8).request(5)).isNotEqualTo(orders.request(5));
    }

    @Test
    void differInCountryCustomerPiecesAndLinesAndAreAccepted() {
        var countries = new HashSet<String>();
        var customers = new HashSet<String>();
        var pieces = new HashSet<Integer>();
        var lines = new HashSet<Integer>();

        LongStream.range(0, 60_000).forEach(n -> {
            var order = (Readable) OrderReader.request(orders.request(n).getBytes(StandardCharsets.UTF_8));
            countries.add(order.shipTo().country());
            customers.add(order.customer().id());
            pieces.add(order.lines().stream().mapToInt(Line::quantity).sum());
            lines.add(order.lines().size());
        });

        assertThat(countries).hasSize(60);
        assertThat(customers).hasSize(5_000);
        assertThat(pieces).hasSize(150).contains(1, 150);
        assertThat(lines).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
    }
}
