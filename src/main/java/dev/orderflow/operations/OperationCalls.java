package dev.orderflow.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.http.Call;
import dev.orderflow.http.Problem;
import dev.orderflow.http.ProblemException;
import dev.orderflow.http.Reply;
import dev.orderflow.http.Response;
import dev.orderflow.operations.RewindPlan.Move;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** The calls on /operations. */
final class OperationCalls {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> AT_ONCE = Set.of("pause", "resume", "allow");
    private static final String UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final Supplier<Operations> operations;
    private final Supplier<ConsumerGroups> groups;
    private final Supplier<OperationRunner> runner;
    private final boolean parksBeforeItHolds;

    /** @param parksBeforeItHolds whether a cause that holds a service has letters */
    OperationCalls(
            Supplier<Operations> operations,
            Supplier<ConsumerGroups> groups,
            Supplier<OperationRunner> runner,
            boolean parksBeforeItHolds) {
        this.operations = operations;
        this.groups = groups;
        this.runner = runner;
        this.parksBeforeItHolds = parksBeforeItHolds;
    }

    void list(Call question, Reply reply) throws Exception {
        int limit = Call.limit(question.parameters("limit"));
        reply.answer(Response.json(bytes(operations.get().list(limit))));
    }

    void find(Call question, Reply reply) throws Exception {
        question.parameters();
        String id = question.lastSegment();
        var found = id.matches(UUID_TEXT) ? operations.get().find(UUID.fromString(id)) : Optional.<ObjectNode>empty();
        reply.answer(Response.json(bytes(found.orElseThrow(() ->
                new ProblemException(Problem.notFound("There is no operation '%s'.".formatted(Call.shown(id))))))));
    }

    /** What holds at once is answered with 200; a rewind and a skip with where their end can be read. */
    void operate(Call question, Reply reply) throws Exception {
        question.parameters();
        var command = question.body(OperationCommand.class);
        String would = would(command);
        if (command.dryRun()) {
            reply.answer(Response.json(
                    bytes(JSON.createObjectNode().put("dryRun", true).put("result", would))));
            return;
        }
        String who = question.caller();
        if (AT_ONCE.contains(command.operation())) {
            UUID id = operations.get().done(command, who);
            reply.answer(Response.json(bytes(operations.get().find(id).orElseThrow())));
            return;
        }
        UUID id = operations.get().begun(command, who);
        runner.get().submit(id);
        reply.answer(new Response(
                202,
                "application/json",
                Map.of("Location", "/operations/" + id),
                bytes(operations.get().find(id).orElseThrow())));
    }

    /** What it will do; asked before, so that what is refused is refused by the call. */
    private String would(OperationCommand command) throws InterruptedException {
        try (ConsumerGroups of = groups.get()) {
            String service = command.service();
            of.checkOurs(service);
            return switch (command.operation()) {
                case "pause" -> "%s stands still, also after a restart, until it is resumed".formatted(service);
                case "resume" -> "%s goes on where it stood".formatted(service);
                case "allow" -> {
                    if (parksBeforeItHolds && !operations.get().hasParked(service, command.fingerprint())) {
                        throw new ProblemException(Problem.notFound(
                                "%s has parked nothing of the cause %s. Its sentence in health names the right one."
                                        .formatted(service, command.fingerprint())));
                    }
                    yield "%s parks records of the cause %s also past delivery.parkedMax, for an hour"
                            .formatted(service, command.fingerprint());
                }
                case "rewind" -> sentence(of.rewind(service, command.target().orElseThrow()));
                default -> {
                    var partition =
                            OperationCommand.partition(command.partition()).orElseThrow();
                    of.checkThere(service, partition, command.last());
                    yield "%s never does offsets %d to %d of %s"
                            .formatted(service, command.first(), command.last(), partition);
                }
            };
        } catch (ExecutionException e) {
            throw new ProblemException(new Problem(
                    503,
                    "brokers-unavailable",
                    "The brokers do not answer",
                    "The brokers do not answer now; try again."));
        }
    }

    static String sentence(Map<TopicPartition, Move> moves) {
        return moves.isEmpty()
                ? "nothing moves: no partition has done anything behind that"
                : moves.entrySet().stream()
                        .map(move -> "%s from %d to %d"
                                .formatted(
                                        move.getKey(),
                                        move.getValue().from(),
                                        move.getValue().to()))
                        .collect(Collectors.joining(", ", "goes back: ", ""));
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
