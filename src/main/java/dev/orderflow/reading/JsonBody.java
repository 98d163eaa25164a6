package dev.orderflow.reading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.orderflow.door.Problem;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.StrictJson;
import dev.orderflow.events.Utf8;
import dev.orderflow.events.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;

/**
 * Camel's Jackson data format for the body of a call that is not on a hot path: a record, or a {@link Refusal} with all
 * that is wrong. A component of a primitive type must be there; any other may be missing, and is null then.
 */
public final class JsonBody<T extends Record> extends JacksonDataFormat {

    // A body may quote a record.
    private static final int DEPTH_MAX = OrderReader.RECORD_DEPTH_MAX + 1;

    private final String example;

    /**
     * @param rules what no component can tell by itself; a component that does not fit is null or 0 there
     * @param problem the answer to what breaks a rule
     */
    public JsonBody(
            Class<T> type,
            String example,
            BiConsumer<T, Violations> rules,
            Function<List<Violation>, Problem> problem) {
        super(type);
        this.example = example;
        setObjectMapper(JsonMapper.builder(StrictJson.factory(DEPTH_MAX))
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .addModule(StrictValue.module(example, (read, violations) -> {
                    if (read != null) {
                        rules.accept(type.cast(read), violations);
                    }
                    if (!violations.all().isEmpty()) {
                        throw new Refusal(problem.apply(violations.all()));
                    }
                }))
                .addHandler(new UnknownMember())
                .build());
    }

    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        byte[] bytes = exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body);
        if (bytes == null || new String(bytes, StandardCharsets.UTF_8).isBlank()) {
            throw new Refusal(Problem.emptyBody("Send a JSON object such as %s.".formatted(example)));
        }
        if (!Utf8.isValid(bytes)) {
            throw new Refusal(Problem.malformedJson(StrictJson.notUtf8("body")));
        }
        try {
            return super.unmarshal(exchange, bytes);
        } catch (JsonProcessingException e) {
            // What is not JSON inside of a member comes wrapped.
            var cause = e.getCause() instanceof JsonProcessingException inner ? inner : e;
            throw new Refusal(Problem.malformedJson(StrictJson.malformed("body", cause, DEPTH_MAX)));
        }
    }
}
