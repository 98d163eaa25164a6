package dev.orderflow.monitoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Comparator;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * What the checks of a context say, as JSON: {@code {"status":"UP","checks":[{"name","status","message"}]}}, the message
 * only where there is something to say.
 */
record HealthReport(boolean isUp, byte[] json) {

    private static final JsonFactory JSON = new JsonFactory();
    /** Camel leaves out what is up, unless it is told otherwise. */
    private static final String FULL = "full";

    /** Every check. */
    static HealthReport all(CamelContext context) {
        return of(HealthCheckHelper.invoke(context, FULL));
    }

    /** Whether the process should live on; it never depends on a broker or a database. */
    static HealthReport live(CamelContext context) {
        return of(HealthCheckHelper.invokeLiveness(context, FULL));
    }

    /** Whether the process may take its callers' requests. */
    static HealthReport ready(CamelContext context) {
        return of(HealthCheckHelper.invokeReadiness(context, FULL));
    }

    private static HealthReport of(Collection<HealthCheck.Result> results) {
        boolean up = results.stream().noneMatch(result -> result.getState() == HealthCheck.State.DOWN);
        var out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("status", up ? "UP" : "DOWN");
            json.writeArrayFieldStart("checks");
            var sorted = results.stream()
                    .sorted(Comparator.comparing(result -> result.getCheck().getId()))
                    .toList();
            for (HealthCheck.Result result : sorted) {
                json.writeStartObject();
                json.writeStringField("name", result.getCheck().getId());
                json.writeStringField("status", result.getState().name());
                if (result.getMessage().isPresent()) {
                    json.writeStringField("message", result.getMessage().get());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new HealthReport(up, out.toByteArray());
    }
}
