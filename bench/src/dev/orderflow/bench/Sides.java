package dev.orderflow.bench;

import dev.orderflow.settings.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Starts the product's production build and the raw programs, with the same Java flags. */
final class Sides {

    /** A heap under 256 MB for any single process is one of the promises, so every side gets no more. */
    static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:NewRatio=1");

    /** A side is held while its backlog is laid down, or the other side has its turns, and must not be taken for dead. */
    private static final String SESSION_MS = "180000";

    private final Ground ground;
    private final Build build;

    Sides(Ground ground) {
        this(ground, Build.own("product"));
    }

    /** @param build the product's */
    Sides(Ground ground, Build build) {
        this.ground = ground;
        this.build = build;
    }

    /** A running side, of one process or several; {@code port} is that of POST /orders of the first, or 0. */
    record Side(String name, List<Child> children, int port) implements AutoCloseable {

        /** Megabytes of heap behind a full collection, of the largest of its processes. */
        long liveMb() {
            return children.stream()
                    .mapToLong(child -> Heap.liveMb(child.pid()))
                    .max()
                    .orElse(0);
        }

        /** Megabytes that the largest of its processes holds. */
        long residentMb() {
            return children.stream()
                    .mapToLong(child -> Cpu.residentMb(child.pid()))
                    .max()
                    .orElse(0);
        }

        /** A side of so many processes, which are started one after the other. */
        static Side of(int processes, Supplier<Side> start) {
            var side = start.get();
            var all = new ArrayList<>(side.children);
            while (all.size() < processes) {
                all.addAll(start.get().children);
            }
            return new Side(side.name, all, side.port);
        }

        /** Holds every process of it where it is. */
        void hold() {
            children.forEach(Child::hold);
        }

        void letGo() {
            children.forEach(Child::letGo);
        }

        @Override
        public void close() {
            children.forEach(Child::close);
        }
    }

    /** @param services what orderflow.services shall name */
    Side product(String services, String database, String topic, Map<String, String> settings) {
        int port = Ports.free();
        int management = Ports.free();
        var environment = environment(database, topic);
        environment.put("ORDERFLOW_SERVICES", services);
        environment.put("ORDERFLOW_HTTP_PORT", Integer.toString(port));
        environment.put("ORDERFLOW_MANAGEMENT_PORT", Integer.toString(management));
        environment.putAll(settings);
        var child =
                Child.start(build.name() + "-" + topic, List.of(build.launcher().toString()), environment);
        // Health, and not a line of its output, whose words may be others in another build.
        child.awaitHealth(management);
        return new Side(build.name(), List.of(child), port);
    }

    /** The settings of the product on this ground. */
    Map<String, String> environment(String database, String topic) {
        var environment = new HashMap<String, String>();
        environment.put("KAFKA_BROKERS", ground.brokers);
        environment.put("DATABASE_URL", ground.url(database));
        environment.put("DATABASE_USER", ground.user);
        environment.put("DATABASE_PASSWORD", ground.password);
        environment.put("ORDERFLOW_MANAGEMENT_PORT", "0");
        environment.put("ORDERFLOW_ROUTES_DIR", build.routes().toString());
        // Of its own: a build keeps the good versions of its routes there, which are not for another build.
        environment.put("ORDERFLOW_DATA_DIR", ground.folder(build.name()).toString());
        environment.put("ORDERS_TOPIC", topic);
        environment.put("ORDER_EVENTS_TOPIC", topic + "-events");
        environment.put("ORDERS_DLT_TOPIC", topic + "-dlt");
        environment.put("CAMEL_COMPONENT_KAFKA_SESSIONTIMEOUTMS", SESSION_MS);
        environment.put("JAVA_OPTS", String.join(" ", FLAGS) + " " + System.getProperty("bench.productFlags", ""));
        return environment;
    }

    /** With the linger that does most of the work of several callers. */
    Side rawServer(String topic) {
        return rawServer(topic, RawServers.BEST_OF_MANY_MS);
    }

    Side rawServer(String topic, int lingerMs) {
        int port = Ports.free();
        return raw(
                Child.java(
                        RawServer.class,
                        FLAGS,
                        ground.brokers,
                        topic,
                        Integer.toString(port),
                        Integer.toString(lingerMs)),
                port);
    }

    /** @param main {@link RawConsumer} or {@link CamelRecord} */
    Side rawConsumer(Class<?> main, RawConsumer.Job job) {
        return raw(Child.java(main, FLAGS, job.words()), 0);
    }

    Side rawFlow(RawFlow.Job job) {
        return raw(Child.java(RawFlow.class, FLAGS, job.words()), 0);
    }

    private static Side raw(Child child, int port) {
        child.await("ready");
        return new Side("raw", List.of(child), port);
    }
}
