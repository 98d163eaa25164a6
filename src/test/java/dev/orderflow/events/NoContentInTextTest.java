package dev.orderflow.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a library prints of an order or event, in a sentence of its own, reaches logs: it must not hold a customer's data. */
class NoContentInTextTest {

    private final Order order = new Order(
            new UUID(7, 7),
            Instant.EPOCH,
            new Order.Customer("c-1", "ada@example.com"),
            new Order.Address("Ada", "Main St 1", "Berlin", "10115", "DE"),
            "EUR",
            List.of(new Order.Line("mug", 1, BigDecimal.ONE)),
            "for Ada");

    @Test
    void namesAnOrderByItsIdAlone() {
        assertThat(order + " " + order.customer() + " " + order.shipTo())
                .contains(order.orderId().toString())
                .doesNotContain("Ada", "ada@", "Main St", "Berlin", "c-1");
    }

    @Test
    void namesAnEventByItsIdAlone() {
        var event = Event.of(order.orderId(), "customer-notified", Map.of("to", "ada@example.com"));

        assertThat(event).hasToString("Event[" + event.id() + "]");
    }
}
