package dev.orderflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Warms sides by one rule before any is measured: a round of each in turn, until the last two rounds of each differ by
 * little, or the limit of rounds is reached, which the table then tells.
 */
final class WarmUp {

    /** How much two rounds of a rate may differ. */
    static final double STEADY = 0.05;

    private final int rounds;
    private final boolean steady;

    WarmUp(int roundsMax, double difference, DoubleSupplier... sides) {
        var rates = new ArrayList<List<Double>>();
        for (int i = 0; i < sides.length; i++) {
            rates.add(new ArrayList<>());
        }
        int round = 0;
        boolean warm = false;
        for (; round < Math.max(2, roundsMax) && !warm; round++) {
            for (int i = 0; i < sides.length; i++) {
                rates.get(i).add(sides[i].getAsDouble());
            }
            warm = rates.stream().allMatch(ofSide -> isSteady(ofSide, difference));
        }
        rounds = round;
        steady = warm;
    }

    private static boolean isSteady(List<Double> rates, double difference) {
        if (rates.size() < 2) {
            return false;
        }
        double last = rates.get(rates.size() - 1);
        double before = rates.get(rates.size() - 2);
        return Math.abs(last - before) <= difference * Math.max(last, before);
    }

    /** Such as {@code 4 rounds}. */
    String told() {
        return "%d rounds%s".formatted(rounds, steady ? "" : ", not steady");
    }
}
