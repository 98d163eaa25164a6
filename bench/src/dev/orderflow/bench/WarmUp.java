package dev.orderflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Warms both sides by the same rule before either is measured: a round of each in turn, until the last two rounds of
 * each differ by at most 5 %, or the limit of rounds is reached, which the table then tells.
 */
final class WarmUp {

    private static final double STEADY = 0.05;

    private final List<Double> raw = new ArrayList<>();
    private final List<Double> product = new ArrayList<>();
    private final boolean steady;

    WarmUp(int roundsMax, DoubleSupplier ofRaw, DoubleSupplier ofProduct) {
        boolean warm = false;
        for (int round = 0; round < Math.max(2, roundsMax) && !warm; round++) {
            raw.add(ofRaw.getAsDouble());
            product.add(ofProduct.getAsDouble());
            warm = isSteady(raw) && isSteady(product);
        }
        steady = warm;
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
        return "%d rounds%s".formatted(raw.size(), steady ? "" : ", not steady");
    }

    List<Double> raw() {
        return raw;
    }

    List<Double> product() {
        return product;
    }
}
