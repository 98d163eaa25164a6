package dev.orderflow.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One line of the table: the rounds of both sides.
 *
 * @param name what {@code --only} takes
 * @param wanted the ratio to reach in a full run
 * @param least the ratio under which the short run fails; 0 where it asks for none
 * @param warmUp how long both sides were warmed
 * @param wrong orders that were not acted on exactly once, and dead letters
 * @param liveMb of the product's heap behind a full collection at the end, the largest of its processes
 */
record Row(
        String name,
        String work,
        List<Sample> raw,
        List<Sample> product,
        double wanted,
        double least,
        String warmUp,
        long liveMb,
        long wrong) {

    double ratio() {
        return median(product, Sample::perSecond) / median(raw, Sample::perSecond);
    }

    /** Lowest to highest ratio of two rounds beside each other, such as {@code 0.81-0.86}. */
    String ratios() {
        var ratios = IntStream.range(0, Math.min(raw.size(), product.size()))
                .mapToDouble(i -> product.get(i).perSecond() / raw.get(i).perSecond())
                .summaryStatistics();
        return "%.2f-%.2f".formatted(ratios.getMin(), ratios.getMax());
    }

    boolean holds() {
        return ratio() >= least;
    }

    long errors() {
        return raw.stream().mapToLong(Sample::errors).sum()
                + product.stream().mapToLong(Sample::errors).sum()
                + wrong;
    }

    static double median(List<Sample> samples, ToDoubleFunction<Sample> of) {
        double[] sorted = samples.stream().mapToDouble(of).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Lowest to highest round, such as {@code 20,100-21,300}. */
    static String spread(List<Sample> samples) {
        var rates = samples.stream().mapToDouble(Sample::perSecond).summaryStatistics();
        return "%,.0f-%,.0f".formatted(rates.getMin(), rates.getMax());
    }

    /** Median microseconds an order of each process, such as {@code server 31, broker 12}. */
    static String cpu(List<Sample> samples) {
        return samples.get(0).cpuUs().keySet().stream()
                .map(name -> "%s %.0f"
                        .formatted(
                                name, median(samples, sample -> sample.cpuUs().get(name))))
                .collect(Collectors.joining(", "));
    }
}
