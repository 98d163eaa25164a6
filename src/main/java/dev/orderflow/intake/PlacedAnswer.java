package dev.orderflow.intake;

import dev.orderflow.kafka.PlainMessage;
import dev.orderflow.telemetry.OutageLog;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** The answer 202, which stands behind the append: whoever gets it knows that the order is kept. */
final class PlacedAnswer implements Processor {

    private final IntakeMeters meters;
    private final OutageLog appends;

    PlacedAnswer(IntakeMeters meters, OutageLog appends) {
        this.meters = meters;
        this.appends = appends;
    }

    @Override
    public void process(Exchange exchange) {
        meters.accepted();
        appends.works();
        answer(exchange);
    }

    static void answer(Exchange exchange) {
        String id = exchange.getProperty(PlaceOrder.ORDER_ID, String.class);
        Message answer = new PlainMessage(exchange.getContext());
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
        answer.setHeader("Location", "/orders/" + id);
        answer.setHeader(Exchange.CONTENT_TYPE, "application/json");
        answer.setBody(("{\"orderId\":\"" + id + "\",\"status\":\"accepted\"}").getBytes(StandardCharsets.UTF_8));
        exchange.setMessage(answer);
        exchange.setRouteStop(true);
    }
}
