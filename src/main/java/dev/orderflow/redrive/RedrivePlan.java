package dev.orderflow.redrive;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a redrive does with the letters that it names.
 *
 * @param redrive how many go back
 * @param quarantine how many had their last try, and stay until somebody overrides that
 * @param skip how many are left as they are
 * @param first the first of them, in the order in which they would go back
 */
record RedrivePlan(long redrive, long quarantine, long skip, List<PlanStep> first, Optional<UUID> job) {

    /** @param action redrive, quarantine or skip, with the reason of the last */
    record PlanStep(
            String id, String orderflowId, String service, String topic, int attempts, String action, String reason) {}
}
