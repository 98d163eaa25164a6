package dev.orderflow.status;

import dev.orderflow.http.BlockingStep;
import dev.orderflow.settings.Settings;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;

/** What clients ask about orders: GET /orders and GET /orders/{id}. Needs the bean {@code database}. */
public final class StatusRoutes extends RouteBuilder {

    private final Settings settings;

    public StatusRoutes(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void configure() throws Exception {
        ExecutorService pool = BlockingStep.pool(getContext(), settings);
        var desk = new StatusContext(
                () -> getContext().getRegistry().lookupByNameAndType("database", DataSource.class),
                pool,
                Duration.ofMillis(settings.number("status.pollMs")),
                settings.number("status.waitersMax"));
        getContext().addService(desk);
        var readOrder = new GetOrder(
                desk::states,
                desk::waiting,
                Duration.ofMillis(settings.number("status.firstSightMs")),
                settings.number("status.waitSecondsMax"));

        restConfiguration().component("platform-http").bindingMode(RestBindingMode.off);
        rest("/orders")
                .get()
                .id("get-orders")
                .description("List orders, newest first")
                .to("direct:list-orders")
                .get("/{id}")
                .id("get-order")
                .description("Read an order, its status and its timeline")
                .to("direct:read-order");

        from("direct:list-orders")
                .routeId("list-orders")
                .description("Answer with a page of orders, newest first")
                .process(new BlockingStep(pool, new ListOrders(desk::states)));
        from("direct:read-order")
                .routeId("read-order")
                .description("Answer with an order's status and timeline, when asked after its next change")
                .process(new BlockingStep(pool, readOrder));
    }
}
