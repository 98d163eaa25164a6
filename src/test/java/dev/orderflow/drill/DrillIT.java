package dev.orderflow.drill;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The drill's two minutes in every build: the faults that lose orders where something is wrong. */
class DrillIT {

    private static final Map<String, String> ROLES = Map.of(
            "inventory-1", "inventory",
            "inventory-2", "inventory",
            "others", "shipping,notification,ledger");

    private static final List<Fault> FAULTS = List.of(
            Fault.SERVICE_KILLED,
            Fault.LEADER_KILLED,
            Fault.DATABASE_KILLED,
            Fault.CONNECTION_CUT,
            Fault.HALTED,
            Fault.HALTED);

    @Test
    void losesNothingAndDoesNothingTwiceUnderFaults() {
        try (var stage = Stage.start(3, ROLES, Map.of())) {
            Drill.play(stage, Plan.of(Plan.newSeed(), FAULTS), 25, 0);
        }
    }
}
