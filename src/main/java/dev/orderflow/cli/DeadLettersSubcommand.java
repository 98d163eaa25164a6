package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.settings.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dead-letters",
        description = "List dead letters, newest first, with their causes; or show one.",
        footer = {
            "  orderflow dead-letters --service shipping --state parked",
            "  orderflow dead-letters 8c836e1018357fd03e0add78"
        },
        exitCodeList = {
            "0:listed, also where there are none",
            "1:there is no such dead letter, or no such service",
            ExitStatus.NOT_ASKED_LINE,
            ExitStatus.USAGE_LINE
        })
final class DeadLettersSubcommand extends ProcessSubcommand {

    /** The API counts no more causes than these in one answer. */
    private static final int GROUPS_MAX = 200;

    private static final List<String> STATES = List.of("parked", "redriven", "quarantined", "home");

    private static final int BODY_CHARS_MAX = 2_000;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The one to show whole, with its history.")
    private String id;

    @Mixin
    private LetterOptions filter = new LetterOptions();

    @Option(names = "--state", paramLabel = "STATE", description = "parked, redriven, quarantined or home.")
    private String state;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, 1 to 200; without it, 50.")
    private Integer limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on behind a page; the page names it.")
    private String cursor;

    DeadLettersSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super(settings, terminal);
    }

    @Override
    public Integer call() {
        Map<String, String> query = filter.given();
        checkState();
        LetterOptions.put(query, "state", state);
        LetterOptions.put(query, "limit", limit == null ? null : String.valueOf(limit(limit)));
        LetterOptions.put(query, "cursor", cursor);
        if (id == null) {
            JsonNode page = operator()
                    .get("/dead-letters" + (query.isEmpty() ? "" : "?" + encoded(query)), AnswerShape.LETTERS);
            if (page.path("deadLetters").isEmpty() && query.containsKey("service")) {
                checkService(query.get("service"));
            }
            print(page, DeadLettersSubcommand::page);
            return ExitStatus.WELL;
        }
        if (!id.matches(LetterOptions.ID) || !query.isEmpty()) {
            throw CommandFailed.usage(
                    "dead-letters takes an id of 24 hexadecimal digits alone, or options, but there was '%s'. See: orderflow dead-letters --help"
                            .formatted(id));
        }
        print(operator().get("/dead-letters/" + id, AnswerShape.LETTER), DeadLettersSubcommand::letter);
        return ExitStatus.WELL;
    }

    private void checkState() {
        if (state != null && !STATES.contains(state)) {
            throw CommandFailed.usage(
                    "--state must be one of %s, but is '%s'.".formatted(String.join(", ", STATES), state));
        }
    }

    private static String encoded(Map<String, String> query) {
        return query.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static String page(JsonNode page) {
        JsonNode listed = page.path("deadLetters");
        if (listed.isEmpty() && page.path("groups").isEmpty()) {
            return "There are none.";
        }
        var text = new StringBuilder();
        long letters = 0;
        if (!page.path("groups").isEmpty()) {
            var causes = new Table(
                    "service", "fingerprint", "letters", "parked", "redriven", "quarantined", "home", "newest message");
            for (JsonNode group : page.path("groups")) {
                letters += group.path("letters").asLong();
                causes.row(
                        group.path("service").asText(),
                        group.path("fingerprint").asText(),
                        group.path("letters").asLong(),
                        group.path("parked").asLong(),
                        group.path("redriven").asLong(),
                        group.path("quarantined").asLong(),
                        group.path("home").asLong(),
                        group.path("example").asText());
            }
            text.append(causes).append(System.lineSeparator());
        }
        var table = new Table("id", "service", "fingerprint", "state", "attempts", "parked at", "error");
        for (JsonNode letter : listed) {
            table.row(
                    letter.path("id").asText(),
                    letter.path("service").asText(),
                    letter.path("fingerprint").asText(),
                    letter.path("state").asText(),
                    letter.path("attempts").asLong(),
                    letter.path("parkedAt").asText(),
                    letter.at("/error/message").asText());
        }
        text.append(table);
        if (page.has("next")) {
            text.append(shown(table.size(), letters, page.path("groups").size()))
                    .append("The next: the same with --cursor ")
                    .append(page.path("next").asText());
        }
        return text.toString();
    }

    /** How many of how many; a page behind the first one does not know that, and very many causes are not all counted. */
    private static String shown(int here, long letters, int groups) {
        if (letters == 0) {
            return "%,d shown, there are more. ".formatted(here);
        }
        return "%,d of %s%,d shown. ".formatted(here, groups < GROUPS_MAX ? "" : "more than ", letters);
    }

    static String letter(JsonNode letter) {
        var facts = new Facts()
                .add("id", letter.path("id").asText())
                .add("service", letter.path("service").asText())
                .add("state", letter.path("state").asText())
                .add("attempts", letter.path("attempts").asLong())
                .add("fingerprint", letter.path("fingerprint").asText())
                .add("error", letter.at("/error/exception").asText())
                .add("", letter.at("/error/message").asText())
                .add("order", letter.path("orderId").asText())
                .add(
                        "stood at",
                        "%s-%s@%s"
                                .formatted(
                                        letter.at("/original/topic").asText(),
                                        letter.at("/original/partition").asText(),
                                        letter.at("/original/offset").asText()))
                .add("parked first", letter.path("firstParkedAt").asText())
                .add("parked last", letter.path("parkedAt").asText())
                .add("key", letter.path("key").asText(letter.path("keyBase64").asText()));
        letter.path("headers")
                .properties()
                .forEach(header -> facts.add(
                        "header " + Table.harmless(header.getKey()),
                        header.getValue().asText()));
        facts.add(
                "body",
                shortened(letter.path("body").asText(letter.path("bodyBase64").asText())));
        facts.add("corrected", shortened(letter.path("corrected").asText()));
        var history = new Table("at", "who", "what", "attempt", "job", "detail");
        for (JsonNode entry : letter.path("history")) {
            history.row(
                    entry.path("at").asText(),
                    entry.path("who").asText(),
                    entry.path("what").asText(),
                    entry.path("attempt").asLong(),
                    entry.path("job").asText(),
                    entry.path("detail").asText());
        }
        return facts + System.lineSeparator() + history;
    }

    private static String shortened(String body) {
        return body.length() <= BODY_CHARS_MAX
                ? body
                : "%s%n(%,d of %,d characters shown; --json has it whole)"
                        .formatted(body.substring(0, BODY_CHARS_MAX), BODY_CHARS_MAX, body.length());
    }
}
