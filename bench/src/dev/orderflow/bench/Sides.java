package dev.orderflow.bench;

import dev.orderflow.Ports;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts the product's production build and the raw programs, with the same Java flags. */
final class Sides {

    /** A heap under 256 MB for any single process is one of the promises, so every side gets no more. */
    static final List<String> FLAGS = List.of("-Xmx256m");

    private final Ground ground;

    Sides(Ground ground) {
        this.ground = ground;
    }

    /** A running side; {@code port} is that of POST /orders, or 0. */
    record Side(String name, Child child, int port) implements AutoCloseable {

        /** Megabytes of its heap behind a full collection. */
        long liveMb() {
            return Heap.liveMb(child.pid());
        }

        @Override
        public void close() {
            child.close();
        }
    }

    /** @param services what orderflow.services shall name */
    Side product(String services, String database, String topic, Map<String, String> settings) {
        int port = Ports.free();
        var environment = new HashMap<String, String>();
        environment.put("KAFKA_BROKERS", ground.brokers);
        environment.put("DATABASE_URL", ground.url(database));
        environment.put("DATABASE_USER", ground.user);
        environment.put("DATABASE_PASSWORD", ground.password);
        environment.put("ORDERFLOW_SERVICES", services);
        environment.put("ORDERFLOW_HTTP_PORT", Integer.toString(port));
        environment.put("ORDERFLOW_MANAGEMENT_PORT", "0");
        environment.put("ORDERFLOW_DATA_DIR", Path.of("target", "bench-mail").toString());
        environment.put("ORDERS_TOPIC", topic);
        environment.put("ORDER_EVENTS_TOPIC", topic + "-events");
        environment.put("ORDERS_DLT_TOPIC", topic + "-dlt");
        environment.put("JAVA_OPTS", String.join(" ", FLAGS) + " " + System.getProperty("bench.productFlags", ""));
        environment.putAll(settings);
        var child = Child.start("product-" + topic, List.of("target/orderflow/bin/orderflow"), environment);
        child.await("Orderflow is ready");
        return new Side("product", child, port);
    }

    Side rawServer(String topic) {
        int port = Ports.free();
        var child = Child.java(RawServer.class, FLAGS, ground.brokers, topic, Integer.toString(port));
        child.await("ready");
        return new Side("raw", child, port);
    }

    Side rawConsumer(String topic, int recordsMax, int consumers, String database) {
        var child = Child.java(
                RawConsumer.class,
                FLAGS,
                ground.brokers,
                topic,
                Integer.toString(recordsMax),
                Integer.toString(consumers),
                ground.url(database),
                ground.user,
                ground.password);
        child.await("ready");
        return new Side("raw", child, 0);
    }
}
