package dev.orderflow.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token has the roles that were typed, or is none. */
class TokenRolesTest {

    @ParameterizedTest
    @ValueSource(strings = {"+", "", "orders+", "+orders", "orders++read", "admin"})
    void isNotMadeForRolesThatAreNone(String roles) {
        assertThatThrownBy(() -> Token.fresh("shop", roles))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be of orders, read and operate, joined by +, but are '" + roles + "'");
    }

    @Test
    void hasTheRolesThatWereTyped() {
        var fresh = Token.fresh("shop", "orders+read");

        assertThat(Token.parse(fresh.line()).get(0).roles()).containsExactlyInAnyOrder("orders", "read");
    }
}
