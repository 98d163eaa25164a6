package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "redrive",
        description = {
            "Send dead letters back to the service that parked them.",
            "Name their ids, or options that they fit. It waits up to ten seconds for what becomes of the last."
        },
        footer = {
            "  orderflow redrive --service shipping --fingerprint 46b21d04fa61 --dry-run",
            "  orderflow redrive 8c836e1018357fd03e0add78 --yes"
        },
        exitCodeList = {
            "0:they went back; or this was a dry run",
            "1:some were quarantined, came back, or were named and may not go; or the question was answered with no",
            ExitStatus.NOT_ASKED_LINE,
            ExitStatus.USAGE_LINE
        })
final class RedriveSubcommand extends AlteringSubcommand {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /** How often to look for what becomes of letters when the last went back. */
    private static final int LOOKS_BEHIND = 20;
    /** Of a plan, as many as a screen has. */
    private static final int STEPS_MAX = 20;

    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            showDefaultValue = Help.Visibility.NEVER,
            description = "Dead letters, as dead-letters lists them.")
    private List<String> ids = List.of();

    @Mixin
    private LetterOptions filter = new LetterOptions();

    @Option(
            names = "--rate-per-second",
            paramLabel = "N",
            description = "So many a second; without it, the setting redrive.ratePerSecond of that process.")
    private Integer ratePerSecond;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            description = "Quarantine what failed so often; at most, and without it, the setting redrive.attemptsMax.")
    private Integer maxAttempts;

    @Option(
            names = "--override",
            description = "Move quarantined letters too; with ids also one that is on its way for too long.")
    private boolean override;

    RedriveSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super(settings, terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode request = request();
        if (isDryRun()) {
            print(planned(request), RedriveSubcommand::plan);
            return ExitStatus.WELL;
        }
        consent("redrive", () -> plan(planned(request)));
        JsonNode plan = operator().post("/dead-letters/redrive", request);
        JsonNode progress = awaited("/dead-letters/redrive/" + plan.path("job").asText());
        long quarantined = plan.path("quarantine").asLong();
        long skipped = plan.path("skip").asLong();
        print(progress, job -> progress(job, quarantined, skipped));
        if (quarantined > 0 && isForPrograms()) {
            // The API's progress counts those that went back only; a person has them in the table.
            terminal().err().printf("orderflow: %,d had their last attempt and are quarantined%n", quarantined);
        }
        // Of a filter, those that are on their way or home already are no matter; of ids that a person names, they are.
        long notDone = ids.isEmpty() ? 0 : skipped;
        return quarantined + notDone + progress.path("parkedAgain").asLong() > 0 ? ExitStatus.FOUND : ExitStatus.WELL;
    }

    private ObjectNode request() {
        ObjectNode request = JSON.createObjectNode();
        Map<String, String> given = filter.given();
        var wrong = ids.stream().filter(id -> !id.matches(LetterOptions.ID)).findFirst();
        if (wrong.isPresent() || ids.isEmpty() == given.isEmpty()) {
            throw CommandFailed.usage(
                    "redrive takes ids of 24 hexadecimal digits, or a filter such as --service shipping, but there was %s. See: orderflow redrive --help"
                            .formatted(wrong.map(word -> "'" + word + "'").orElse(ids.isEmpty() ? "neither" : "both")));
        }
        ids.forEach(request.withArray("/ids")::add);
        given.forEach(request.withObject("/filter")::put);
        request.remove(ids.isEmpty() ? "ids" : "filter");
        if (ratePerSecond != null) {
            request.put("ratePerSecond", ratePerSecond);
        }
        if (maxAttempts != null) {
            request.put("maxAttempts", maxAttempts);
        }
        if (override) {
            request.put("override", true);
        }
        return request;
    }

    private JsonNode planned(ObjectNode request) {
        return operator().post("/dead-letters/redrive", request.deepCopy().put("dryRun", true));
    }

    /** Until each letter is home or parked again, or, where a service does not run, a while after the last went back. */
    private JsonNode awaited(String path) throws InterruptedException {
        Bar bar = terminal().bar();
        JsonNode progress = operator().get(path);
        for (int looks = 0;
                looks < LOOKS_BEHIND && isOnItsWay(progress);
                progress = operator().get(path)) {
            looks = progress.path("state").asText().equals("running") ? 0 : looks + 1;
            double letters = Math.max(1, progress.path("letters").asDouble());
            double left = progress.path("waiting").asDouble();
            bar.at(1 - left / letters, "%,.0f of %,.0f went back".formatted(letters - left, letters));
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        bar.clear();
        return progress;
    }

    private static boolean isOnItsWay(JsonNode progress) {
        return progress.path("state").asText().equals("running")
                || progress.path("home").asLong() + progress.path("parkedAgain").asLong()
                        < progress.path("appended").asLong();
    }

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
