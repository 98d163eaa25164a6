package dev.orderflow.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.StrictJson;
import dev.orderflow.events.Utf8;
import dev.orderflow.events.Violation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;

/**
 * Camel's Jackson data format for the body of a call that is not on a hot path: a record, or a {@link ProblemException} with all
 * that is wrong. A component of a primitive type must be there; any other may be missing, and is null then.
 */
public final class JsonBody<T extends Record> extends JacksonDataFormat {

    // A body may quote a record.
    private static final int DEPTH_MAX = OrderReader.RECORD_DEPTH_MAX + 1;
    private static final int VIOLATIONS_MAX = 20;
    private static final JsonMapper JSON = JsonMapper.builder(StrictJson.factory(DEPTH_MAX))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(new SimpleModule().addDeserializer(Instant.class, new Time()))
            .build();

    private final Class<T> type;
    private final String example;
    private final BiConsumer<T, List<Violation>> rules;
    private final Function<List<Violation>, Problem> problem;

    /**
     * @param rules what no component can tell by itself; a component that does not fit is null or 0 there
     * @param problem the answer to what breaks a rule
     */
    public JsonBody(
            Class<T> type,
            String example,
            BiConsumer<T, List<Violation>> rules,
            Function<List<Violation>, Problem> problem) {
        super(JSON, type);
        this.type = type;
        this.example = example;
        this.rules = rules;
        this.problem = problem;
    }

    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        JsonNode tree = tree(exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body));
        var violations = new ArrayList<Violation>();
        T read = null;
        if (new RecordShape(violations).fits(tree, type, "an object such as " + example)) {
            read = type.cast(super.unmarshal(exchange, tree));
            rules.accept(read, violations);
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    problem.apply(violations.subList(0, Math.min(VIOLATIONS_MAX, violations.size()))));
        }
        return read;
    }

    private JsonNode tree(byte[] bytes) {
        if (bytes != null && !Utf8.isValid(bytes)) {
            throw new ProblemException(Problem.malformedJson(StrictJson.notUtf8("body")));
        }
        try {
            JsonNode tree = JSON.readTree(bytes == null ? new byte[0] : bytes);
            if (tree.isMissingNode()) {
                throw new ProblemException(Problem.emptyBody("Send a JSON object such as %s.".formatted(example)));
            }
            return tree;
        } catch (IOException e) {
            throw new ProblemException(Problem.malformedJson(StrictJson.malformed("body", e, DEPTH_MAX)));
        }
    }

    private static final class Time extends StdScalarDeserializer<Instant> {

        Time() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Call.time(parser.getText());
        }
    }
}
