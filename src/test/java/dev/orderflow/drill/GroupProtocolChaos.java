package dev.orderflow.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each kind of kill three times, and each halt, by the group protocol {@code consumer} (KIP-848). */
class GroupProtocolChaos {

    private static final int TIMES = 3;

    /** Those with a goal for their recovery come alone, so that it can be told. */
    private static final List<String> KILLS = List.of(
            "SERVICE_KILLED",
            "LEADER_KILLED",
            "CONTROLLER_KILLED",
            "DATABASE_KILLED",
            "ALL_BROKERS_DOWN",
            "SERVICE_TERMINATED+HALTED",
            "HALTED");

    @Test
    void losesNothingAndDoesNothingTwiceUnderEveryKindOfKill() {
        List<String> strikes = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            strikes.addAll(KILLS);
        }
        try (var stage = Stage.start(3, LongDrillChaos.ROLES, Map.of("kafka.group.protocol", "consumer"))) {
            Drill.play(stage, Plan.of(Plan.newSeed(), strikes), 40, 0);
        }
    }
}
