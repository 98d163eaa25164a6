package dev.orderflow.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.events.Times;
import dev.orderflow.http.Call;
import dev.orderflow.http.Problem;
import dev.orderflow.http.ProblemException;
import dev.orderflow.http.Reply;
import dev.orderflow.http.Response;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** The calls on /routes. */
final class RouteCalls {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Brings back the version before, and tells how the file stands then. */
    @FunctionalInterface
    interface Rollback {
        RouteFileStatus of(String file) throws Exception;
    }

    private final RouteFileStatuses board;
    private final Rollback rollback;

    RouteCalls(RouteFileStatuses board, Rollback rollback) {
        this.board = board;
        this.rollback = rollback;
    }

    void list(Call question, Reply reply) throws IOException {
        question.parameters();
        ObjectNode answer = JSON.createObjectNode();
        var routes = answer.putArray("routes");
        board.all().forEach(standing -> routes.add(json(standing)));
        reply.answer(Response.json(JSON.writeValueAsBytes(answer)));
    }

    /** Takes the names of files that the board knows, and no path. */
    void rollback(Call question, Reply reply) throws Exception {
        question.parameters();
        String file = question.segmentBeforeLast();
        if (board.find(file).isEmpty()) {
            reply.refuse(Problem.notFound(
                    "There is no route file '%s'. GET /routes lists them.".formatted(Call.shown(file))));
            return;
        }
        try {
            reply.answer(Response.json(JSON.writeValueAsBytes(json(rollback.of(file)))));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private ObjectNode json(RouteFileStatus standing) {
        ObjectNode json = JSON.createObjectNode()
                .put("file", standing.file())
                .put("version", standing.version())
                .put("since", Times.text(standing.since()))
                .put("state", standing.state());
        var ids = json.putArray("routes");
        standing.routes().forEach(ids::add);
        board.throughput(standing)
                .ifPresent(of ->
                        json.putObject("throughput").put("done", of.done()).put("perSecond", of.perSecond()));
        var deliveries = json.putArray("deliveries");
        board.deliveries(standing).forEach(state -> deliveries.add(json(state)));
        if (!standing.before().isEmpty()) {
            json.put("before", standing.before());
        }
        standing.refusal()
                .ifPresent(refused -> json.putObject("lastRefusal")
                        .put("version", refused.version())
                        .put("at", Times.text(refused.at()))
                        .put("sentence", refused.sentence()));
        return json;
    }

    private static ObjectNode json(DeliveryState state) {
        ObjectNode json = JSON.createObjectNode()
                .put("route", state.route())
                .put("state", state.state())
                .put("since", Times.text(state.since()));
        return state.cause().isEmpty() ? json : json.put("cause", state.cause());
    }
}
