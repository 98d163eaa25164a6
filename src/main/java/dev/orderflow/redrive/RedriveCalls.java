package dev.orderflow.redrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.http.Call;
import dev.orderflow.http.Cursor;
import dev.orderflow.http.Problem;
import dev.orderflow.http.ProblemException;
import dev.orderflow.http.Reply;
import dev.orderflow.http.Response;
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

    private final Supplier<DeadLetterQueries> letters;
    private final Supplier<RedrivePlanner> planner;
    private final RedriveCommand.Limits limits;

    RedriveCalls(Supplier<DeadLetterQueries> letters, Supplier<RedrivePlanner> planner, RedriveCommand.Limits limits) {
        this.letters = letters;
        this.planner = planner;
        this.limits = limits;
    }

    /** The groups stand on the first page only: they count all pages. */
    void list(Call question, Reply reply) throws Exception {
        Map<String, String> parameters =
                question.parameters("service", "fingerprint", "state", "from", "to", "limit", "cursor");
        int limit = Call.limit(parameters);
        Optional<DeadLetterQueries.LetterPlace> after =
                Cursor.read(parameters.get("cursor"), DeadLetterQueries.LetterPlace::parse);
        var selection = new DeadLetterFilter(
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
            var page = letters.get().page(selection, after.orElse(DeadLetterQueries.LetterPlace.NEWEST), limit);
            json.set("deadLetters", page.letters());
            page.next().ifPresent(next -> json.put("next", Cursor.of(next.toString())));
            return Response.json(bytes(json));
        });
    }

    void find(Call question, Reply reply) throws Exception {
        question.parameters();
        String id = question.lastSegment();
        answered(reply, () -> {
            var letter = id.matches(RedriveCommand.ID) ? letters.get().find(id) : Optional.<ObjectNode>empty();
            return Response.json(bytes(letter.orElseThrow(() -> new ProblemException(Problem.notFound(
                    "There is no dead letter '%s'. GET /dead-letters lists them.".formatted(Call.shown(id)))))));
        });
    }

    void job(Call question, Reply reply) throws Exception {
        question.parameters();
        String id = question.lastSegment();
        answered(reply, () -> {
            var job = id.matches(UUID_TEXT) ? letters.get().job(UUID.fromString(id)) : Optional.<ObjectNode>empty();
            return Response.json(bytes(job.orElseThrow(() ->
                    new ProblemException(Problem.notFound("There is no redrive '%s'.".formatted(Call.shown(id)))))));
        });
    }

    /** A dry run answers at once with all that would happen; a redrive with where its progress can be read. */
    void redrive(Call question, Reply reply) throws Exception {
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
                return Response.json(bytes(json(command, planner.get().dryRun(command))));
            }
            RedrivePlan plan = planner.get().run(command, question.caller());
            String location = "/dead-letters/redrive/" + plan.job().orElseThrow();
            return new Response(202, "application/json", Map.of("Location", location), bytes(json(command, plan)));
        });
    }

    @FunctionalInterface
    private interface Answering {
        Response answer() throws Exception;
    }

    private static void answered(Reply reply, Answering answering) throws Exception {
        Response answer;
        try {
            answer = answering.answer();
        } catch (RuntimeException e) {
            throw SpringCauses.unwrapped(e);
        }
        reply.answer(answer);
    }

    private static ObjectNode json(RedriveCommand command, RedrivePlan plan) {
        ObjectNode json = JSON.createObjectNode();
        plan.job().ifPresent(job -> json.put("job", job.toString()));
        json.put("dryRun", command.dryRun());
        json.put("ratePerSecond", command.ratePerSecond());
        json.put("maxAttempts", command.maxAttempts());
        json.put("redrive", plan.redrive());
        json.put("quarantine", plan.quarantine());
        json.put("skip", plan.skip());
        var first = json.putArray("first");
        for (RedrivePlan.PlanStep step : plan.first()) {
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
            throw refuse("%s must be text, but was '%s'.".formatted(name, Call.shown(text)));
        }
        return Optional.ofNullable(text);
    }

    private static Optional<String> state(Map<String, String> parameters) {
        Optional<String> state = text(parameters, "state");
        state.filter(value -> !DeadLetterFilter.STATES.contains(value)).ifPresent(value -> {
            throw refuse("state must be one of %s, but was '%s'."
                    .formatted(String.join(", ", DeadLetterFilter.STATES), Call.shown(value)));
        });
        return state;
    }

    private static Optional<Instant> time(Map<String, String> parameters, String name) {
        return text(parameters, name).map(time -> {
            try {
                return Call.time(time);
            } catch (DateTimeException e) {
                throw refuse("%s must be a time such as 2026-11-22T10:00:00Z, but was '%s'."
                        .formatted(name, Call.shown(time)));
            }
        });
    }

    private static ProblemException refuse(String detail) {
        return new ProblemException(Problem.invalidParameter(detail));
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
