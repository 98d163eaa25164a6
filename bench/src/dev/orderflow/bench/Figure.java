package dev.orderflow.bench;

import java.util.Optional;

/**
 * One number of a row before and after: medians of the rounds, their ratio, and the bar that it is held to.
 *
 * @param format of {@code before} and {@code after}
 * @param ratio after to before; empty where there is nothing before to divide by
 * @param interval of the ratio, where rounds are compared in pairs
 * @param bar what is asked of it; empty for nothing
 */
record Figure(
        String name,
        String format,
        double before,
        double after,
        Optional<Double> ratio,
        Optional<Ratios> interval,
        String bar,
        boolean held) {

    /** A bar that is missed stays missed; but where the interval holds 1, more pairs may show that it was noise. */
    String verdict() {
        if (bar.isEmpty()) {
            return "";
        }
        return held ? "held" : isInNoise() ? "MISSED, may be noise" : "MISSED";
    }

    private boolean isInNoise() {
        return interval.filter(of -> of.low() <= 1 && of.high() >= 1).isPresent();
    }
}
