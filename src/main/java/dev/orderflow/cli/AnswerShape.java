package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The members that a command needs in an answer. Whatever answers at an address may answer 200: without them it is no
 * answer of ours, and nothing is known or done.
 */
final class AnswerShape {

    static final AnswerShape LETTERS = new AnswerShape().array("deadLetters");
    static final AnswerShape LETTER =
            new AnswerShape().text("id").text("service").text("state").array("history");
    static final AnswerShape PLAN = new AnswerShape()
            .number("redrive")
            .number("quarantine")
            .number("skip")
            .array("first");
    static final AnswerShape DRY_PLAN = PLAN.isTrue("dryRun");
    static final AnswerShape BEGUN = PLAN.id("job");
    static final AnswerShape PROGRESS = new AnswerShape()
            .oneOf("state", "running", "done")
            .number("letters")
            .number("waiting")
            .number("appended")
            .number("passedOver")
            .number("home")
            .number("parkedAgain");
    static final AnswerShape WOULD = new AnswerShape().isTrue("dryRun").text("result");
    static final AnswerShape OPERATION = new AnswerShape().id("id").oneOf("state", "running", "done", "failed");
    static final AnswerShape OPERATIONS = new AnswerShape().array("paused").array("operations");

    private final Map<String, Predicate<JsonNode>> members;

    private AnswerShape() {
        this(Map.of());
    }

    private AnswerShape(Map<String, Predicate<JsonNode>> members) {
        this.members = members;
    }

    private AnswerShape with(String name, Predicate<JsonNode> fits) {
        var more = new LinkedHashMap<>(members);
        more.put(name, fits);
        return new AnswerShape(more);
    }

    private AnswerShape text(String name) {
        return with(name, JsonNode::isTextual);
    }

    /** It becomes a part of a path. */
    private AnswerShape id(String name) {
        return with(name, value -> value.isTextual() && value.asText().matches("[0-9A-Za-z-]{1,64}"));
    }

    private AnswerShape number(String name) {
        return with(name, JsonNode::isIntegralNumber);
    }

    private AnswerShape array(String name) {
        return with(name, JsonNode::isArray);
    }

    private AnswerShape isTrue(String name) {
        return with(name, value -> value.isBoolean() && value.asBoolean());
    }

    private AnswerShape oneOf(String name, String... words) {
        return with(name, value -> value.isTextual() && List.of(words).contains(value.asText()));
    }

    /** The name of the first member that is not there, or is something else; of what is no object, every one is. */
    Optional<String> missing(JsonNode answer) {
        return members.entrySet().stream()
                .filter(member -> !member.getValue().test(answer.path(member.getKey())))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
