package dev.orderflow.redrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.http.Answer;
import dev.orderflow.http.Cursor;
import dev.orderflow.http.Problem;
import dev.orderflow.http.Question;
import dev.orderflow.http.Refusal;
import dev.orderflow.http.Reply;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The calls on /dead-letters. */
final class RedriveCalls {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final Supplier<Letters> letters;
    private final Supplier<Planner> planner;
    private final RedriveCommand.Limits limits;

    RedriveCalls(Supplier<Letters> letters, Supplier<Planner> planner, RedriveCommand.Limits limits) {
        this.letters = letters;
        this.planner = planner;
        this.limits = limits;
    }

    /** The groups stand on the first page only: they count all pages. */
    void list(Question question, Reply reply) throws Exception {
        Map<String, String> parameters =
                question.parameters("service", "fingerprint", "state", "from", "to", "limit", "cursor");
        int limit = Question.limit(parameters);
        Optional<Letters.Place> after = Cursor.read(parameters.get("cursor"), Letters.Place::parse);
        var selection = new Selection(
                text(parameters, "service"),
                text(parameters, "fingerprint"),
                state(parameters),
                time(parameters, "from"),
                time(parameters, "to"),
                List.of());
        answered(reply, () -> {
            ObjectNode json = JSON.createObjectNode();
            if (after.isEmpty()) {
                json.set("groups", letters.get().groups(selection));
            }
            var page = letters.get().page(selection, after.orElse(Letters.Place.NEWEST), limit);
            json.set("deadLetters", page.letters());
            page.next().ifPresent(next -> json.put("next", Cursor.of(next.toString())));
            return Answer.json(bytes(json));
        });
    }

    void find(Question question, Reply reply) throws Exception {
        question.parameters();
        String id = question.lastSegment();
        answered(reply, () -> {
            var letter = id.matches(RedriveCommand.ID) ? letters.get().find(id) : Optional.<ObjectNode>empty();
            return Answer.json(bytes(letter.orElseThrow(() -> new Refusal(Problem.notFound(
                    "There is no dead letter '%s'. GET /dead-letters lists them.".formatted(Question.shown(id)))))));
        });
    }

    void job(Question question, Reply reply) throws Exception {
        question.parameters();
        String id = question.lastSegment();
        answered(reply, () -> {
            var job = id.matches(UUID_TEXT) ? letters.get().job(UUID.fromString(id)) : Optional.<ObjectNode>empty();
            return Answer.json(bytes(job.orElseThrow(
                    () -> new Refusal(Problem.notFound("There is no redrive '%s'.".formatted(Question.shown(id)))))));
        });
    }

    /** A dry run answers at once with all that would happen; a redrive with where its progress can be read. */
    void redrive(Question question, Reply reply) throws Exception {
        question.parameters();
        var command = question.body(RedriveCommand.class).orElse(limits);
        answered(reply, () -> {
            if (command.corrected().isPresent()) {
                letters.get()
                        .find(command.selection().ids().get(0))
                        .ifPresent(letter ->
                                Correction.check(letter, command.corrected().get()));
            }
            if (command.dryRun()) {
                return Answer.json(bytes(json(command, planner.get().dryRun(command))));
            }
            Plan plan = planner.get().run(command, question.caller());
            String location = "/dead-letters/redrive/" + plan.job().orElseThrow();
            return new Answer(202, "application/json", Map.of("Location", location), bytes(json(command, plan)));
        });
    }

    @FunctionalInterface
    private interface Answering {
        Answer answer() throws Exception;
    }

    private static void answered(Reply reply, Answering answering) throws Exception {
        Answer answer;
        try {
            answer = answering.answer();
        } catch (RuntimeException e) {
            throw Databases.unwrapped(e);
        }
        reply.answer(answer);
    }

    private static ObjectNode json(RedriveCommand command, Plan plan) {
        ObjectNode json = JSON.createObjectNode();
        plan.job().ifPresent(job -> json.put("job", job.toString()));
        json.put("dryRun", command.dryRun());
        json.put("ratePerSecond", command.ratePerSecond());
        json.put("maxAttempts", command.maxAttempts());
        json.put("redrive", plan.redrive());
        json.put("quarantine", plan.quarantine());
        json.put("skip", plan.skip());
        var first = json.putArray("first");
        for (Plan.Step step : plan.first()) {
            ObjectNode line = first.addObject();
            line.put("id", step.id());
            line.put("orderflowId", step.orderflowId());
            line.put("service", step.service());
            line.put("topic", step.topic());
            line.put("attempts", step.attempts());
            line.put("action", step.action());
            if (!step.reason().isEmpty()) {
                line.put("reason", step.reason());
            }
        }
        return json;
    }

    private static Optional<String> text(Map<String, String> parameters, String name) {
        String text = parameters.get(name);
        if (text != null && (text.isEmpty() || text.indexOf('\0') >= 0)) {
            throw refuse("%s must be text, but was '%s'.".formatted(name, Question.shown(text)));
        }
        return Optional.ofNullable(text);
    }

    private static Optional<String> state(Map<String, String> parameters) {
        Optional<String> state = text(parameters, "state");
        state.filter(value -> !Selection.STATES.contains(value)).ifPresent(value -> {
            throw refuse("state must be one of %s, but was '%s'."
                    .formatted(String.join(", ", Selection.STATES), Question.shown(value)));
        });
        return state;
    }

    private static Optional<Instant> time(Map<String, String> parameters, String name) {
        return text(parameters, name).map(time -> {
            try {
                return Question.time(time);
            } catch (DateTimeException e) {
                throw refuse("%s must be a time such as 2026-11-22T10:00:00Z, but was '%s'."
                        .formatted(name, Question.shown(time)));
            }
        });
    }

    private static Refusal refuse(String detail) {
        return new Refusal(Problem.invalidParameter(detail));
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
