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

    /** Lowest to highest 99th of a hundred of the rounds. */
    String p99s() {
        var p99 = samples.stream().mapToDouble(Sample::p99Ms).summaryStatistics();
        return "%.1f-%.1f".formatted(p99.getMin(), p99.getMax());
    }
}
