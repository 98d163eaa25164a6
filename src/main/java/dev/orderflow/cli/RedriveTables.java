package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** A redrive for a person: what it would do, and what became of it. */
final class RedriveTables {

    /** Of a plan, as many as a screen has. */
    private static final int STEPS_MAX = 20;

    private RedriveTables() {}

    static String plan(JsonNode plan) {
        long redrive = plan.path("redrive").asLong();
        long quarantine = plan.path("quarantine").asLong();
        long skip = plan.path("skip").asLong();
        var table = new Table("id", "service", "topic", "attempts", "action", "reason");
        for (JsonNode step : plan.path("first")) {
            if (table.size() < STEPS_MAX) {
                table.row(
                        step.path("id").asText(),
                        step.path("service").asText(),
                        step.path("topic").asText(),
                        step.path("attempts").asLong(),
                        step.path("action").asText(),
                        step.path("reason").asText());
            }
        }
        String shown = table.size() == redrive + quarantine + skip
                ? ""
                : "%,d of %,d shown%n".formatted(table.size(), redrive + quarantine + skip);
        return "%s%s%,d go back (%,d a second), %,d are quarantined after %,d attempts, %,d stay as they are"
                .formatted(
                        table,
                        shown,
                        redrive,
                        plan.path("ratePerSecond").asLong(),
                        quarantine,
                        plan.path("maxAttempts").asLong(),
                        skip);
    }

    static String progress(JsonNode progress, long quarantined, long skipped) {
        return new Table(
                        "state",
                        "letters",
                        "went back",
                        "home",
                        "parked again",
                        "passed over",
                        "waiting",
                        "quarantined",
                        "left as they are")
                .row(
                        progress.path("state").asText(),
                        progress.path("letters").asLong(),
                        progress.path("appended").asLong(),
                        progress.path("home").asLong(),
                        progress.path("parkedAgain").asLong(),
                        progress.path("passedOver").asLong(),
                        progress.path("waiting").asLong(),
                        quarantined,
                        skipped)
                .toString();
    }
}
