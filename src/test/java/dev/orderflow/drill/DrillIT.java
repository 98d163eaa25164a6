package dev.orderflow.drill;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A part of the drill that takes less than two minutes: the faults that lose orders where something is wrong. */
@EnabledIfSystemProperty(named = "drill", matches = ".+", disabledReason = "./mvnw -Pdrill verify runs it.")
class DrillIT {

    /** Three processes; inventory has two instances. */
    private static final Map<String, String> ROLES = Map.of(
            Stage.FRONT,
            "intake,status,redrive,shipping",
            "inventory-1",
            "inventory,notification",
            "inventory-2",
            "inventory,ledger");

    private static final List<String> STRIKES = List.of(
            "SERVICE_KILLED",
            "LEADER_KILLED+HALTED",
            "DATABASE_KILLED+CONNECTION_CUT",
            "HALTED",
            "SERVICE_TERMINATED+NO_REPLY",
            "CONTROLLER_KILLED");

    @Test
    void losesNothingAndDoesNothingTwiceUnderFaults() {
        try (var stage = Stage.start(3, ROLES, Map.of())) {
            Drill.play(stage, Plan.of(Plan.newSeed(), STRIKES), 25, 0);
        }
    }
}
