package dev.orderflow.bench;

import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.kafka.KafkaHeaders;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** The usual Camel route: a record, a transaction of the same work, its event, and offsets that Camel commits itself. */
final class CamelRecord extends RouteBuilder {

    private static final String BYTES = "org.apache.kafka.common.serialization.ByteArray";

    private final RawConsumer.Job job;
    private final RawTransaction transaction;

    private CamelRecord(RawConsumer.Job job) {
        this.job = job;
        this.transaction = job.transaction();
    }

    public static void main(String[] arguments) throws Exception {
        var camel = new DefaultCamelContext();
        camel.addRoutes(new CamelRecord(RawConsumer.Job.of(arguments)));
        camel.start();
        System.out.println("ready");
        Thread.currentThread().join();
    }

    @Override
    public void configure() {
        // Offsets are committed every 100 ms instead of 5 s, so that they tell how far it is.
        fromF(
                        "kafka:%s?brokers=%s&groupId=%s&consumersCount=%d&autoOffsetReset=earliest&autoCommitIntervalMs=100&breakOnFirstError=true&valueDeserializer=%sDeserializer",
                        job.topic(), job.brokers(), job.group(), job.consumers(), BYTES)
                .process(this::act)
                .filter(body().isNotNull())
                .toF("kafka:%s?brokers=%s&lingerMs=0&valueSerializer=%sSerializer", job.events(), job.brokers(), BYTES);
    }

    private void act(Exchange exchange) throws Exception {
        var orders = new LinkedHashMap<UUID, Order>();
        var order = OrderReader.record(exchange.getMessage().getBody(byte[].class));
        orders.put(order.orderId(), order);
        var events = transaction.run(orders);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(null);
        for (var event : events) {
            exchange.getMessage().setBody(event.value());
            exchange.getMessage().setHeader(KafkaHeaders.KEY, event.key());
            event.headers().forEach(header -> exchange.getMessage().setHeader(header.key(), header.value()));
        }
    }
}
