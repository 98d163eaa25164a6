package dev.orderflow.delivery;

import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.service.BaseService;

/** A route that reads from nowhere, and whose consumer a test suspends and stops. */
final class StoppableRoute implements AutoCloseable {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final String id;

    StoppableRoute(String id) {
        this.id = id;
    }

    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + id).routeId(id).to("log:none?level=OFF");
            }
        });
        context.start();
    }

    CamelContext context() {
        return context;
    }

    Route route() {
        return context.getRoute(id);
    }

    void suspendConsumer() {
        consumer().suspend();
    }

    void endConsumer() {
        consumer().stop();
    }

    void goOn() {
        if (consumer().isSuspendingOrSuspended()) {
            consumer().resume();
        } else {
            consumer().start();
        }
    }

    private BaseService consumer() {
        return (BaseService) route().getConsumer();
    }

    @Override
    public void close() {
        context.stop();
    }
}
