package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.credentials.Token;
import dev.orderflow.settings.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestServerTest {

    private static final Token.Fresh READER = Token.fresh("reader", "read");
    private static final Token.Fresh SHOP = Token.fresh("shop", "orders+read");

    private final Settings settings = Settings.load().with("orderflow.http.port", "0");

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void refusesToListenToOthersWithoutTokens(String host) {
        try (var context = new DefaultCamelContext()) {
            assertThatThrownBy(() -> RestServer.hang(context, settings.with("orderflow.http.host", host)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("orderflow.http.host is '" + host + "', which others can reach");
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void letsInWhoHasTheRole() throws Exception {
        try (var context = started(settings.with("door.tokens", READER.line() + "," + SHOP.line()))) {
            assertThat(call(context, "GET", "/things", "Bearer " + READER.token())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(call(context, "POST", "/orders", "bearer " + SHOP.token())
                            .body())
                    .isEqualTo("shop");
        }
    }

    @Test
    void answers401And403AsProblems() throws Exception {
        try (var context = started(settings.with("door.tokens", READER.line()))) {
            var none = call(context, "GET", "/things", "");
            var unknown = call(context, "GET", "/things", "Bearer " + SHOP.token());
            var basic = call(context, "GET", "/things", "Basic cmVhZGVyOnJlYWRlcg==");
            var nowhere = call(context, "GET", "/nowhere", "");
            var other = call(context, "POST", "/orders", "Bearer " + READER.token());

            assertThat(none.statusCode()).isEqualTo(401);
            assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"orderflow\"");
            assertThat(none.headers().firstValue("Content-Type")).contains(Problem.CONTENT_TYPE);
            assertThat(unknown.statusCode()).isEqualTo(401);
            assertThat(basic.statusCode()).isEqualTo(401);
            assertThat(nowhere.statusCode()).isEqualTo(401);
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(other.body()).contains("problems/forbidden").contains("'orders'");
        }
    }

    @Test
    void tellsThatThePortIsTaken() throws Exception {
        try (var first = started(settings)) {
            var taken = settings.with(
                    "orderflow.http.port", Integer.toString(RestServer.of(first).port()));
            assertThatThrownBy(() -> started(taken))
                    .hasStackTraceContaining("cannot be listened on")
                    .hasStackTraceContaining("ORDERFLOW_HTTP_PORT");
        }
    }

    private static CamelContext started(Settings settings) throws Exception {
        var context = new DefaultCamelContext();
        RestServer.hang(context, settings);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/things?httpMethodRestrict=GET").setBody(constant("things"));
                from("platform-http:/orders?httpMethodRestrict=POST")
                        .setBody(simple(
                                "${header.CamelVertxPlatformHttpAuthenticatedUser.principal.getString('username')}"));
            }
        });
        context.start();
        return context;
    }

    private static HttpResponse<String> call(CamelContext context, String method, String path, String authorization)
            throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + RestServer.of(context).port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
