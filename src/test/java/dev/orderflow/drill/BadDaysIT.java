package dev.orderflow.drill;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Each bad day once: it is named while it lasts, passes when its cause is gone, and nobody has to restart anything. */
@EnabledIfSystemProperty(named = "drill", matches = ".+", disabledReason = "./mvnw -Pdrill verify runs it.")
class BadDaysIT {

    private static final Map<String, String> ROLES =
            Map.of(Stage.FRONT, "intake,status,redrive,shipping", "others", "inventory,notification,ledger");

    @Test
    void namesEachAndIsBackWhenItIsMended() {
        try (var stage = Stage.start(1, ROLES, Map.of())) {
            Drill.play(
                    stage,
                    Plan.of(
                            Plan.newSeed(),
                            Arrays.stream(BadDay.values()).map(BadDay::name).toList()),
                    25,
                    0);
        }
    }
}
