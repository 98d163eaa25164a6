package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.credentials.Token;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BearerAuthTest {

    private static final Token.Fresh SHOP = Token.fresh("shop", "orders");
    private static final Token.Fresh READER = Token.fresh("reader", "read");

    private final Vertx vertx = Vertx.vertx();
    private RawAnswers answers;

    @BeforeAll
    void start() {
        var router = Router.router(vertx);
        router.route().handler(new BearerAuth(Token.parse(SHOP.line() + "," + READER.line())));
        router.route().handler(ctx -> ctx.end("of " + ctx.user().principal().getString("username")));
        answers = new RawAnswers(router);
    }

    @AfterAll
    void stop() {
        answers.close();
        vertx.close();
    }

    @Test
    void letsInWhoHasTheRoleUnderItsName() {
        assertThat(call("POST", "Authorization: Bearer " + SHOP.token()))
                .contains(" 200 ")
                .endsWith("of shop");
        assertThat(call("GET", "Authorization: bEARER   " + READER.token() + " "))
                .endsWith("of reader");
    }

    @Test
    void refusesWhoHasAnotherRole() {
        assertThat(call("GET", "Authorization: Bearer " + SHOP.token()))
                .contains(" 403 ")
                .contains("needs the role 'read', which the token of 'shop' does not have");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Other: x",
                "Authorization: TOKEN",
                "Authorization: Basic TOKEN",
                "Authorization: BearerTOKEN",
                "Authorization: Bearer TOKENx",
                "Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN",
            })
    void refusesWhoShowsNoKnownToken(String header) {
        assertThat(call("POST", header.replace("TOKEN", SHOP.token())))
                .contains(" 401 ")
                .containsIgnoringCase("WWW-Authenticate: Bearer realm=\"orderflow\"")
                .doesNotContain("of shop");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /orders, orders",
        "POST, /orders/bulk, orders",
        "POST, /ordersx, operate",
        "PUT, /orders, operate",
        "GET, /orders, read",
        "HEAD, /orders, read",
        "OPTIONS, /orders, read",
        "GET, /dead-letters/1, operate",
        "GET, /operations, operate",
        "GET, /audit, operate",
        "GET, /routes, operate",
        "GET, /, read",
    })
    void asksForTheRoleThatTheCallNeeds(String method, String path, String role) {
        assertThat(BearerAuth.role(HttpMethod.valueOf(method), path)).isEqualTo(role);
    }

    private String call(String method, String header) {
        return answers.of(method + " /orders HTTP/1.1\r\nHost: a\r\n" + header + "\r\nConnection: close\r\n\r\n");
    }
}
