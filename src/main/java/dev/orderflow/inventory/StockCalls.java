package dev.orderflow.inventory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.orderflow.events.Violation;
import dev.orderflow.http.Call;
import dev.orderflow.http.Cursor;
import dev.orderflow.http.Problem;
import dev.orderflow.http.Reply;
import dev.orderflow.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The calls on /inventory. */
final class StockCalls {

    private static final String SKU = "[A-Za-z0-9._-]{1,40}";
    private static final JsonFactory JSON = new JsonFactory();

    private final Supplier<StockLevels> table;

    StockCalls(Supplier<StockLevels> table) {
        this.table = table;
    }

    void list(Call question, Reply reply) throws SQLException {
        Map<String, String> parameters = question.parameters("limit", "cursor");
        int limit = Call.limit(parameters);
        String after = Cursor.read(parameters.get("cursor"), StockCalls::sku).orElse("");
        // One row more than the page tells whether there is a next one.
        List<StockItem> items = table.get().page(after, limit + 1);
        reply.answer(Response.json(json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("stock");
            for (StockItem item : items.subList(0, Math.min(limit, items.size()))) {
                item.write(json);
            }
            json.writeEndArray();
            if (items.size() > limit) {
                json.writeStringField("next", Cursor.of(items.get(limit - 1).sku()));
            }
            json.writeEndObject();
        })));
    }

    void find(Call question, Reply reply) throws SQLException {
        question.parameters();
        String sku = question.lastSegment();
        var item = sku.matches(SKU) ? table.get().find(sku) : Optional.<StockItem>empty();
        if (item.isPresent()) {
            reply.answer(Response.json(json(item.get()::write)));
        } else {
            reply.refuse(Problem.notFound(
                    "There is no stock of sku '%s'. PUT /inventory/{sku} adds it.".formatted(Call.shown(sku))));
        }
    }

    void set(Call question, Reply reply) throws SQLException {
        question.parameters();
        String sku = question.lastSegment();
        long onHand = question.body(StockLevel.class).onHand();
        if (!sku.matches(SKU)) {
            reply.refuse(invalid(List.of(new Violation(
                    "",
                    "sku must be 1 to 40 characters of A-Z, a-z, 0-9, '.', '_' and '-', but was '%s'"
                            .formatted(Call.shown(sku))))));
            return;
        }
        StockLevels.Outcome outcome = table.get().set(sku, onHand);
        if (outcome instanceof StockLevels.Added added) {
            var headers = Map.of("Location", "/inventory/" + sku);
            reply.answer(new Response(201, "application/json", headers, json(added.item()::write)));
        } else if (outcome instanceof StockLevels.Changed changed) {
            reply.answer(Response.json(json(changed.item()::write)));
        } else if (outcome instanceof StockLevels.Reserved reserved) {
            reply.refuse(reserved(reserved.item(), onHand));
        }
    }

    static Problem invalid(List<Violation> violations) {
        return Problem.invalid("invalid-stock", "The stock breaks a rule", violations);
    }

    private static String sku(String text) {
        if (!text.matches(SKU)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static Problem reserved(StockItem item, long onHand) {
        return new Problem(
                409,
                "stock-reserved",
                "More than that is reserved",
                "%,d of sku '%s' are reserved for orders, so onHand cannot be %,d."
                        .formatted(item.reserved(), item.sku(), onHand));
    }

    @FunctionalInterface
    private interface Writing {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] json(Writing writing) {
        var out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            writing.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
