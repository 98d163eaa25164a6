package dev.orderflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/**
 * Warms sides before any is measured: a round of each in turn, until each says that it is warm, or the limit of rounds is
 * reached, which the table then tells.
 */
final class WarmUp {

    /** How much two rounds of a rate may differ. */
    private static final double STEADY = 0.05;

    private final int rounds;
    private final boolean warm;

    /** @param sides each runs a round, and says whether it is warm behind it */
    WarmUp(int roundsMax, BooleanSupplier... sides) {
        int round = 0;
        boolean all = false;
        for (; round < Math.max(2, roundsMax) && !all; round++) {
            all = true;
            for (BooleanSupplier side : sides) {
                all &= side.getAsBoolean();
            }
        }
        rounds = round;
        warm = all;
    }

    /** A side that is warm when its last two rounds differ by little. */
    static BooleanSupplier steady(DoubleSupplier rate) {
        List<Double> rates = new ArrayList<>();
        return () -> {
            rates.add(rate.getAsDouble());
            return isSteady(rates);
        };
    }

    private static boolean isSteady(List<Double> rates) {
        if (rates.size() < 2) {
            return false;
        }
        double last = rates.get(rates.size() - 1);
        double before = rates.get(rates.size() - 2);
        return Math.abs(last - before) <= STEADY * Math.max(last, before);
    }

    /** Such as {@code 4 rounds}. */
    String told() {
        return "%d rounds%s".formatted(rounds, warm ? "" : ", not steady");
    }
}
