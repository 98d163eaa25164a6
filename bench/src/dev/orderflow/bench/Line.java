package dev.orderflow.bench;

import java.util.List;

/**
 * One line of the second table: the product alone.
 *
 * @param row what {@code --only} takes
 * @param wantedMs what the 99th of a hundred is to stay below; 0 where nothing is asked
 */
record Line(String row, String work, List<Sample> samples, double wantedMs) {

    long errors() {
        return samples.stream().mapToLong(Sample::errors).sum();
    }

    /** Both columns: the median, and the 99th of a hundred with its lowest and highest round; empty where nobody waits. */
    String latency() {
        var p99 = samples.stream().mapToDouble(Sample::p99Ms).summaryStatistics();
        return p99.getMax() == 0
                ? " | "
                : "%.1f | %.1f (%.1f-%.1f)"
                        .formatted(
                                Row.median(samples, Sample::p50Ms),
                                Row.median(samples, Sample::p99Ms),
                                p99.getMin(),
                                p99.getMax());
    }
}
