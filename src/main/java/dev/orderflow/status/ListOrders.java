package dev.orderflow.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.orderflow.events.Times;
import dev.orderflow.http.BlockingStep;
import dev.orderflow.http.Call;
import dev.orderflow.http.Cursor;
import dev.orderflow.http.Problem;
import dev.orderflow.http.ProblemException;
import dev.orderflow.http.Reply;
import dev.orderflow.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** GET /orders: newest first, filtered, in pages that a cursor holds together. */
final class ListOrders implements BlockingStep.Reader {

    private static final JsonFactory JSON = new JsonFactory();

    private final Supplier<OrderQueries> states;

    ListOrders(Supplier<OrderQueries> states) {
        this.states = states;
    }

    @Override
    public void read(Call question, Reply reply) throws SQLException, IOException {
        Map<String, String> parameters = question.parameters("status", "customer", "limit", "cursor");
        int limit = Call.limit(parameters);
        var filter =
                new OrderQueries.OrderFilter(status(parameters.get("status")), customer(parameters.get("customer")));
        Optional<OrderQueries.OrderPlace> after = Cursor.read(parameters.get("cursor"), OrderQueries.OrderPlace::parse);
        // One row more than the page tells whether there is a next one.
        List<OrderQueries.OrderSummary> lines = states.get().page(filter, after, limit + 1);
        reply.answer(Response.json(json(lines, limit)));
    }

    private static Optional<String> status(String status) {
        if (status != null && !OrderQueries.STATUSES.contains(status)) {
            throw refuse("status must be one of %s, but was '%s'."
                    .formatted(String.join(", ", OrderQueries.STATUSES), Call.shown(status)));
        }
        return Optional.ofNullable(status);
    }

    private static Optional<String> customer(String customer) {
        if (customer != null && !customer.matches("[A-Za-z0-9._-]{1,64}")) {
            throw refuse("customer must be 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-', but was '%s'."
                    .formatted(Call.shown(customer)));
        }
        return Optional.ofNullable(customer);
    }

    private static ProblemException refuse(String detail) {
        return new ProblemException(Problem.invalidParameter(detail));
    }

    private static byte[] json(List<OrderQueries.OrderSummary> lines, int limit) throws IOException {
        var out = new ByteArrayOutputStream(128 * (lines.size() + 1));
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("orders");
            int rows = Math.min(limit, lines.size());
            for (OrderQueries.OrderSummary line : lines.subList(0, rows)) {
                json.writeStartObject();
                json.writeStringField("orderId", line.orderId().toString());
                json.writeStringField("status", line.status());
                json.writeStringField("placedAt", Times.text(line.placedAt()));
                json.writeObjectFieldStart("customer");
                json.writeStringField("id", line.customerId());
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            if (lines.size() > limit) {
                json.writeStringField(
                        "next", Cursor.of(lines.get(rows - 1).place().toString()));
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
