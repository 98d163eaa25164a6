package dev.orderflow.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How long an audit takes, by the number of orders, with the heap that it is given: {@code bench/audit 100000 1000000}. */
public final class AuditTime {

    /** A heap that a million orders would not fit in. */
    private static final String HEAP = "-Xmx64m";

    private AuditTime() {}

    public static void main(String[] arguments) throws Exception {
        int status = 0;
        try (var ground = Ground.start()) {
            var fill = Fill.of(ground, "audited", "audited");
            for (String orders : arguments) {
                long begin = System.nanoTime();
                fill.upTo(Long.parseLong(orders));
                System.out.printf(
                        Locale.ROOT,
                        "bench: %s orders laid down in %.1f s%n",
                        orders,
                        (System.nanoTime() - begin) / 1e9);
                status |= audit(ground);
            }
        }
        System.exit(status);
    }

    /** By the command of the production build, with the time of its start. */
    private static int audit(Ground ground) throws Exception {
        var builder = new ProcessBuilder(Build.own("product").launcher().toString(), "audit").redirectErrorStream(true);
        var environment = builder.environment();
        environment.put("KAFKA_BROKERS", ground.brokers);
        environment.put("DATABASE_URL", ground.url("audited"));
        environment.put("DATABASE_USER", ground.user);
        environment.put("DATABASE_PASSWORD", ground.password);
        environment.put("ORDERS_TOPIC", "audited");
        environment.put("ORDER_EVENTS_TOPIC", "audited-events");
        environment.put("ORDERS_DLT_TOPIC", "audited-dlt");
        environment.put("JAVA_OPTS", System.getProperty("bench.productFlags", HEAP));
        long begin = System.nanoTime();
        var log = Files.createDirectories(Path.of("target", "bench-logs")).resolve("audit.log");
        var process = builder.redirectOutput(log.toFile()).start();
        var cpu = new Cpu()
                .with("audit", process.pid())
                .with("broker", ground.brokerPid())
                .with("database", ground.databasePid());
        var before = cpu.microseconds();
        var spent = before;
        long residentMb = 0;
        while (process.isAlive()) {
            Child.pause(100);
            residentMb = Math.max(residentMb, Cpu.residentMb(process.pid()));
            var now = cpu.microseconds();
            spent = now.get("audit") == 0 ? spent : now;
        }
        int status = process.waitFor();
        System.out.println(Files.readString(log));
        System.out.printf(
                Locale.ROOT,
                "bench: audit %.1f s with %s, resident at most %,d MB; processor s:",
                (System.nanoTime() - begin) / 1e9,
                environment.get("JAVA_OPTS"),
                residentMb);
        for (String name : List.of("audit", "broker", "database")) {
            System.out.printf(Locale.ROOT, " %s %.1f", name, (spent.get(name) - before.get(name)) / 1e6);
        }
        System.out.println();
        return status;
    }
}
