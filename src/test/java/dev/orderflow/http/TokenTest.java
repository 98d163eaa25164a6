package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.credentials.Sha256;
import dev.orderflow.credentials.Token;
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
        assertThat(token.matches(Sha256.of(fresh.token()))).isTrue();
        assertThat(token.matches(Sha256.of(fresh.token() + "x"))).isFalse();
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
    void refusesUnknownRoles() {
        String hash = "a".repeat(64);

        assertThatThrownBy(() -> Token.parse("shop:admin:" + hash)).hasMessageContaining("but are 'admin'");
    }

    @Test
    void letsTheOldTokenAndTheNewOneOfAClientInWhileItIsReplaced() {
        // Given
        var old = Token.fresh("shop", "orders");
        var fresh = Token.fresh("shop", "orders");

        // When
        var tokens = Token.parse(old.line() + ", " + fresh.line());

        // Then
        assertThat(tokens).extracting(Token::name).containsExactly("shop", "shop");
        assertThat(tokens.get(0).matches(Sha256.of(old.token()))).isTrue();
        assertThat(tokens.get(1).matches(Sha256.of(fresh.token()))).isTrue();
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
        assertThat(BearerAuth.role(io.vertx.core.http.HttpMethod.valueOf(method), path))
                .isEqualTo(role);
    }
}
