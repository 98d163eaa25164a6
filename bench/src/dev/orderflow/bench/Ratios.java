package dev.orderflow.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The median of the ratios of pairs, with an interval that holds the true median in 95 of a hundred runs or more.
 *
 * <p>The interval lies between two of the sorted ratios, as the sign test tells (Conover, Practical Nonparametric Statistics,
 * 3.2): each ratio lies above the true median as a coin falls, whatever its distribution, so that nothing is drawn at random
 * here and the same rounds give the same interval. Of 12 ratios it is that of the third to the tenth.
 */
record Ratios(double median, double low, double high) {

    private static final double WANTED = 0.95;

    /** After to before, pair by pair; empty where a pair has nothing before. */
    static Optional<Ratios> of(List<Double> before, List<Double> after) {
        if (before.size() != after.size() || before.isEmpty()) {
            throw new IllegalArgumentException("Rounds come in pairs, but there were %d before and %d after."
                    .formatted(before.size(), after.size()));
        }
        if (before.stream().anyMatch(value -> value <= 0)) {
            return Optional.empty();
        }
        double[] sorted = IntStream.range(0, before.size())
                .mapToDouble(i -> after.get(i) / before.get(i))
                .sorted()
                .toArray();
        int cut = cut(sorted.length);
        return Optional.of(new Ratios(median(sorted), sorted[cut], sorted[sorted.length - 1 - cut]));
    }

    /** How often such an interval holds the true median: at least 0.95 of six pairs and more, less of fewer. */
    static double coverage(int pairs) {
        return 1 - 2 * atMost(cut(pairs), pairs);
    }

    /** How many ratios lie outside of the interval at each end: as many as leave it 95 %. */
    private static int cut(int pairs) {
        int cut = 0;
        while (1 - 2 * atMost(cut + 1, pairs) >= WANTED) {
            cut++;
        }
        return cut;
    }

    /** The chance that at most so many of the coins fall on one side. */
    private static double atMost(int heads, int coins) {
        double one = Math.pow(0.5, coins);
        double sum = one;
        for (int k = 1; k <= heads; k++) {
            one = one * (coins - k + 1) / k;
            sum += one;
        }
        return sum;
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
