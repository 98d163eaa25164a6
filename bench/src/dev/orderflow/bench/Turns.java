package dev.orderflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Rounds of two sides in turn, ABBA: what changes steadily on the machine then meets both alike. */
record Turns<T>(List<T> first, List<T> second) {

    static <T> Turns<T> take(int rounds, Supplier<T> ofFirst, Supplier<T> ofSecond) {
        var turns = new Turns<T>(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                turns.first.add(ofFirst.get());
                turns.second.add(ofSecond.get());
            } else {
                turns.second.add(ofSecond.get());
                turns.first.add(ofFirst.get());
            }
        }
        return turns;
    }
}
