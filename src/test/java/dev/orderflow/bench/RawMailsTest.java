package dev.orderflow.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.bench.RawMails.Mail;
import dev.orderflow.bench.ReceivedMails.Count;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.notification.Mails;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RawMailsTest {

    private final FlowOrders orders = new FlowOrders(7);
    private final RawMails raw = new RawMails(mails -> {});

    private Order order(long n) {
        String id = new UUID(n, 1).toString();
        return OrderReader.record(
                orders.record(id, "2026-01-31T08:00:00.123Z", n).getBytes(UTF_8));
    }

    @Test
    void aMailIsThatOfTheProductToTheByte() throws Exception {
        var mails = new Mails();
        mails.setFrom(RawMails.FROM);
        var order = order(3);
        var event = new Event(order.orderId(), Event.ORDER_PLACED, order.placedAt(), order);
        String text = "Thank you for your order %s.\n\nWe have it, and tell you when it is on its way."
                .formatted(order.orderId());

        var mail = mails.compose(
                event, text, "Your order " + order.orderId(), order.customer().email());

        assertThat(new String(raw.text(order), UTF_8)).isEqualTo(new String(mails.bytes(mail), UTF_8));
    }

    @Test
    void theServerCountsWhatSeveralConnectionsHandOver() throws Exception {
        var mails = new ArrayList<Mail>();
        for (long n = 0; n < 7; n++) {
            var order = order(n);
            mails.add(new Mail(order.orderId(), order.customer().email(), raw.text(order)));
        }
        mails.add(mails.get(0));

        try (var server = ReceivedMails.start()) {
            var connections = new SmtpConnections(server.port(), 3);
            connections.all(List.of());
            connections.all(mails);
            var taken = server.take();

            assertThat(taken.count())
                    .isEqualTo(new Count(
                            8,
                            7,
                            mails.stream().mapToLong(mail -> mail.text().length).sum()));
            assertThat(taken.timesUs())
                    .hasSize(7)
                    .containsKey("<confirmation." + order(6).orderId() + "@orderflow.example>");
            assertThat(server.count()).isEqualTo(Count.NONE);
        }
    }
}
