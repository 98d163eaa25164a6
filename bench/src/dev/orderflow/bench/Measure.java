package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes one sample: runs the work, and asks what each process spent on it. */
final class Measure {

    private final Ground ground;

    Measure(Ground ground) {
        this.ground = ground;
    }

    /** Connections are new in each round, so a second goes by before it counts. */
    Sample posted(Side side, Load load, double seconds) {
        Cpu cpu = processes(side).with("load", ProcessHandle.current().pid());
        load.run(0, 1);
        Map<String, Long> before = cpu.microseconds();
        var result = load.run(0, seconds);
        var spent = spent(before, cpu.microseconds(), result.orders());
        var latency = result.latencyUs();
        told(side, result.perSecond(), result.errors());
        return new Sample(
                result.perSecond(),
                spent,
                latency.getValueAtPercentile(50) / 1_000.0,
                latency.getValueAtPercentile(99) / 1_000.0,
                side.residentMb(),
                result.errors());
    }

    /** Lays a backlog down while the side is held, lets it go, and waits until all is done. */
    Sample workedOff(Side side, Backlog backlog, int orders) {
        side.hold();
        backlog.lay(orders);
        Cpu cpu = processes(side);
        Map<String, Long> before = cpu.microseconds();
        side.letGo();
        double perSecond = backlog.workedOff();
        told(side, perSecond, 0);
        var spent = spent(before, cpu.microseconds(), orders);
        return new Sample(perSecond, spent, 0, 0, side.residentMb(), 0);
    }

    private static void told(Side side, double perSecond, long errors) {
        System.err.printf(
                "bench: %s %,.0f/s%s%n", side.name(), perSecond, errors == 0 ? "" : ", %,d errors".formatted(errors));
    }

    /** Those whose processor time counts for a side. */
    Cpu processes(Side side) {
        var cpu = new Cpu();
        side.children().forEach(child -> cpu.with("server", child.pid()));
        return cpu.with("broker", ground.brokerPid()).with("database", ground.databasePid());
    }

    /** Microseconds for each order. */
    static Map<String, Double> spent(Map<String, Long> before, Map<String, Long> after, long orders) {
        var spent = new LinkedHashMap<String, Double>();
        after.forEach((name, us) -> spent.put(name, (us - before.get(name)) / (double) Math.max(1, orders)));
        return spent;
    }
}
