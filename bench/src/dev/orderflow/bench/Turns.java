package dev.orderflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Rounds of both sides in turn, ABBA: what changes steadily on the machine then meets both alike. */
record Turns(List<Sample> raw, List<Sample> product) {

    static Turns take(int rounds, Supplier<Sample> ofRaw, Supplier<Sample> ofProduct) {
        var turns = new Turns(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                turns.raw.add(ofRaw.get());
                turns.product.add(ofProduct.get());
            } else {
                turns.product.add(ofProduct.get());
                turns.raw.add(ofRaw.get());
            }
        }
        return turns;
    }
}
