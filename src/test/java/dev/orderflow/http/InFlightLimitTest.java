package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.settings.Settings;
import io.vertx.core.http.HttpMethod;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {

    @Test
    void countsAClientThatLeftUntilItsRouteIsDone() throws Exception {
        // Given
        var step = new Held();
        try (var context = new DefaultCamelContext()) {
            var door = RestServer.hang(context, Settings.load().with("orderflow.http.port", "0"));
            var waiting = new InFlightLimit(1);
            door.guard(HttpMethod.POST, "/held", waiting);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("platform-http:/held?httpMethodRestrict=POST").process(step);
                }
            });
            context.start();
            try (var leaving = post(door)) {
                step.reached.join();
                try (var other = post(door)) {
                    assertThat(new String(other.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                            .isEqualTo("HTTP/1.1 503");
                }
            }

            // When
            assertThat(waiting.count()).isEqualTo(1);
            step.callback.done(false);

            // Then
            await().until(() -> waiting.count() == 0);
        }
    }

    private static Socket post(RestServer door) throws java.io.IOException {
        var socket = new Socket("127.0.0.1", door.port());
        socket.getOutputStream()
                .write("POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** A step that ends when the test says so. */
    private static final class Held extends AsyncProcessorSupport {

        private final CompletableFuture<Void> reached = new CompletableFuture<>();
        private AsyncCallback callback;

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            this.callback = callback;
            reached.complete(null);
            return false;
        }
    }
}
