package dev.orderflow.drill;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole drill: every fault four times and more than 50,000 accepted orders, in less than an hour. */
class LongDrillChaos {

    static final Map<String, String> ROLES = Map.of(
            "inventory-1", "inventory",
            "inventory-2", "inventory",
            "shipping", "shipping",
            "others", "notification,ledger");

    private static final int TIMES = Integer.getInteger("drill.times", 4);
    private static final int PER_SECOND = Integer.getInteger("drill.perSecond", 60);
    private static final int ACCEPTED_MIN = Integer.getInteger("drill.accepted", 50_000);

    @Test
    void losesNothingAndDoesNothingTwiceUnderEveryFault() {
        try (var stage = Stage.start(3, ROLES, Map.of())) {
            Drill.play(stage, Plan.ofAll(Plan.newSeed(), TIMES), PER_SECOND, ACCEPTED_MIN);
        }
    }
}
