package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            JsonNode plan = planned(request);
            checkFound(plan);
            print(plan, RedriveTables::plan);
            return ExitStatus.WELL;
        }
        consent("redrive", () -> RedriveTables.plan(planned(request)));
        JsonNode plan = operator().post("/dead-letters/redrive", request, AnswerShape.BEGUN);
        long unknown = checkFound(plan);
        JsonNode progress = awaited(plan.path("job").asText());
        long quarantined = plan.path("quarantine").asLong();
        long skipped = plan.path("skip").asLong();
        print(progress, job -> RedriveTables.progress(job, quarantined, skipped));
        if (quarantined > 0 && isForPrograms()) {
            // The API's progress counts those that went back only; a person has them in the table.
            terminal().err().printf("orderflow: %,d had their last attempt and are quarantined%n", quarantined);
        }
        if (isOnItsWay(progress)) {
            terminal()
                    .err()
                    .printf(
                            "orderflow: %,d of those that went back are not home yet; look with: orderflow dead-letters --state redriven%n",
                            progress.path("appended").asLong()
                                    - progress.path("home").asLong()
                                    - progress.path("parkedAgain").asLong());
        }
        // Of a filter, those that are on their way or home already are no matter; of ids that a person names, they are.
        long notDone = ids.isEmpty()
                ? 0
                : unknown + skipped + progress.path("passedOver").asLong();
        return quarantined + notDone + progress.path("parkedAgain").asLong() > 0 ? ExitStatus.FOUND : ExitStatus.WELL;
    }

    /**
     * A plan counts what it found, and says nothing of what it did not.
     *
     * @return how many of the ids are no dead letters
     */
    private long checkFound(JsonNode plan) {
        long found = plan.path("redrive").asLong()
                + plan.path("quarantine").asLong()
                + plan.path("skip").asLong();
        if (ids.isEmpty()) {
            if (found == 0 && filter.given().containsKey("service")) {
                checkService(filter.given().get("service"));
            }
            return 0;
        }
        int named = Set.copyOf(ids).size();
        long unknown = Math.max(0, named - found);
        if (unknown > 0) {
            terminal()
                    .err()
                    .printf(
                            "orderflow: %,d of the %,d named ids are no dead letters of this process%n",
                            unknown, named);
        }
        return unknown;
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
        return operator().post("/dead-letters/redrive", request.deepCopy().put("dryRun", true), AnswerShape.DRY_PLAN);
    }

    /** Until each letter is home or parked again, or, where a service does not run, a while after the last went back. */
    private JsonNode awaited(String job) throws InterruptedException {
        String path = "/dead-letters/redrive/" + job;
        String begun = "It was begun as redrive %s, and goes on; GET %s shows it.".formatted(job, path);
        JsonNode progress = followed(path, AnswerShape.PROGRESS, begun);
        if (!isOnItsWay(progress)) {
            return progress;
        }
        terminal().err().println("orderflow: " + begun);
        Bar bar = terminal().bar();
        long moved = System.nanoTime();
        for (int looks = 0; looks < LOOKS_BEHIND && isOnItsWay(progress); ) {
            double letters = Math.max(1, progress.path("letters").asDouble());
            double left = progress.path("waiting").asDouble();
            bar.at(1 - left / letters, "%,.0f of %,.0f went back".formatted(letters - left, letters));
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            JsonNode now = followed(path, AnswerShape.PROGRESS, begun);
            moved = now.equals(progress) ? moved : System.nanoTime();
            if (System.nanoTime() - moved > operator().waitMax().toNanos()) {
                bar.clear();
                throw CommandFailed.notAsked("Nothing of it has moved for %,d s (cli.waitMs)."
                                .formatted(operator().waitMax().toSeconds()))
                        .behind(begun);
            }
            progress = now;
            looks = progress.path("state").asText().equals("running") ? 0 : looks + 1;
        }
        bar.clear();
        return progress;
    }

    private static boolean isOnItsWay(JsonNode progress) {
        return progress.path("state").asText().equals("running")
                || progress.path("home").asLong() + progress.path("parkedAgain").asLong()
                        < progress.path("appended").asLong();
    }
}
