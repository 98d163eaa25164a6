package dev.orderflow.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    @Test
    void knowsTheTokenByItsHash() {
        var fresh = Token.fresh("shop", "orders+read");

        Token token = Token.parse(fresh.line()).get(0);

        assertThat(fresh.line()).doesNotContain(fresh.token());
        assertThat(token.name()).isEqualTo("shop");
        assertThat(token.roles()).containsExactlyInAnyOrder("orders", "read");
        assertThat(token.matches(Token.sha256(fresh.token()))).isTrue();
        assertThat(token.matches(Token.sha256(fresh.token() + "x"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "shop:orders", "shop:orders:secret", "sh op:orders:aa", ":orders:aa"})
    void refusesAnEntryWithoutQuotingItsSecret(String entry) {
        assertThatThrownBy(() -> Token.parse(entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("An entry of door.tokens must be name:role+role:sha256hex")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesUnknownRolesAndNamesThatStandTwice() {
        String hash = "a".repeat(64);

        assertThatThrownBy(() -> Token.parse("shop:admin:" + hash)).hasMessageContaining("but are 'admin'");
        assertThatThrownBy(() -> Token.parse("a:read:" + hash + ", a:read:" + hash))
                .hasMessageContaining("named 'a'");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /orders, orders",
        "GET, /orders/1, read",
        "GET, /inventory, read",
        "PUT, /inventory/A, operate",
        "GET, /dead-letters, operate",
        "POST, /dead-letters/redrive, operate",
        "GET, /audit, operate",
        "DELETE, /orders/1, operate",
    })
    void asksForTheRoleOfTheCall(String method, String path, String role) {
        assertThat(Gate.role(io.vertx.core.http.HttpMethod.valueOf(method), path))
                .isEqualTo(role);
    }
}
