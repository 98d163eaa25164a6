package dev.orderflow.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What lives in the heap of another JVM, as the JDK's own {@code jcmd} tells it. */
final class Heap {

    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private Heap() {}

    /** Megabytes in use behind a full collection; 0 where nobody can tell. */
    static long liveMb(long pid) {
        jcmd(pid, "GC.run");
        var used = USED.matcher(jcmd(pid, "GC.heap_info"));
        long kilobytes = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        return kilobytes / 1024;
    }

    private static String jcmd(long pid, String command) {
        try {
            var program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            var process = new ProcessBuilder(List.of(program.toString(), Long.toString(pid), command))
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes());
        } catch (IOException e) {
            return "";
        }
    }
}
