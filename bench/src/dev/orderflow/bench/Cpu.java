package dev.orderflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Processor time and memory of processes, as Linux counts them in /proc: 100 ticks a second. */
final class Cpu {

    private static final long TICK_US = 10_000;

    private final Map<String, List<Long>> processes = new LinkedHashMap<>();

    /** Several processes of one name are added up. */
    Cpu with(String name, long pid) {
        processes.computeIfAbsent(name, none -> new ArrayList<>()).add(pid);
        return this;
    }

    /** Microseconds of each process since it began, with those of its children. */
    Map<String, Long> microseconds() {
        var times = new LinkedHashMap<String, Long>();
        processes.forEach((name, pids) -> times.put(
                name,
                pids.stream()
                        .mapToLong(pid -> name.equals("database") ? family(pid) : own(pid))
                        .sum()));
        return times;
    }

    /** Megabytes of memory that it really holds. */
    static long residentMb(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                }
            }
        } catch (IOException e) {
            // It is gone, so it holds nothing.
        }
        return 0;
    }

    /** Microseconds that a JVM's compilers took since it began. */
    static long compilersUs(long pid) {
        try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.map(thread -> thread.resolve("stat"))
                    .filter(stat -> read(stat).matches("\\d+ \\(C[12] Compiler.*"))
                    .mapToLong(stat -> spent(fields(stat)))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long own(long pid) {
        return spent(stat(pid));
    }

    private static long spent(String[] fields) {
        return fields.length == 0 ? 0 : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_US;
    }

    /** A server with a process for each connection: itself, its children, and the children that ended. */
    private static long family(long pid) {
        String[] fields = stat(pid);
        if (fields.length == 0) {
            return 0;
        }
        long ended = (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * TICK_US;
        long children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .mapToLong(child -> own(child.pid()))
                .sum();
        return own(pid) + ended + children;
    }

    private static String[] stat(long pid) {
        return fields(Path.of("/proc/" + pid + "/stat"));
    }

    // The name in brackets may hold spaces, so counting begins behind it.
    private static String[] fields(Path stat) {
        String line = read(stat);
        return line.isEmpty()
                ? new String[0]
                : line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    /** Empty when its process or thread is gone. */
    private static String read(Path stat) {
        try {
            return Files.readString(stat).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
