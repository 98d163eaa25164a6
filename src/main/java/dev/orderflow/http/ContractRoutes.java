package dev.orderflow.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;

/** Serves the contracts as they are written: /openapi.json, /asyncapi.json, and the schemas that both refer to. */
public final class ContractRoutes extends RouteBuilder {

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    public void configure() {
        restConfiguration().component("platform-http").bindingMode(RestBindingMode.off);
        rest("/openapi.json")
                .get()
                .id("get-openapi")
                .description("The contract of the REST calls")
                .to("direct:read-openapi");
        rest("/asyncapi.json")
                .get()
                .id("get-asyncapi")
                .description("The contract of the topics")
                .to("direct:read-asyncapi");
        rest("/schemas")
                .get("/{name}")
                .id("get-schema")
                .description("The JSON Schema of an order, an event or a problem")
                .to("direct:read-schema");

        for (String contract : List.of("openapi", "asyncapi", "schema")) {
            from("direct:read-" + contract)
                    .routeId("read-" + contract)
                    .description("Answer with the contract as it is written")
                    .process(this::answer);
        }
    }

    private void answer(Exchange exchange) throws IOException {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
        Optional<byte[]> file = file(path);
        if (file.isEmpty()) {
            Problem.notFound("There is no such contract. /openapi.json and /asyncapi.json name those there are.")
                    .answer(exchange);
            return;
        }
        var message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(
                Exchange.CONTENT_TYPE, path.startsWith("/schemas/") ? "application/schema+json" : "application/json");
        message.setBody(file.get());
    }

    private Optional<byte[]> file(String path) throws IOException {
        if (!path.matches("/(openapi|asyncapi)\\.json|/schemas/[a-z-]+\\.schema\\.json")) {
            return Optional.empty();
        }
        byte[] known = files.get(path);
        if (known == null) {
            try (InputStream in = getClass().getResourceAsStream("/contracts" + path)) {
                if (in == null) {
                    return Optional.empty();
                }
                known = in.readAllBytes();
            }
            files.put(path, known);
        }
        return Optional.of(known);
    }
}
