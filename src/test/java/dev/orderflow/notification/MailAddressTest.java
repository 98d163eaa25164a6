package dev.orderflow.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.internet.AddressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

    @ParameterizedTest
    @CsvSource({
        "ada@example.com, ada@example.com",
        "ada@müller.de, ada@xn--mller-kva.de",
        "ada@例え.テスト, ada@xn--r8jz45g.xn--zckzah",
        "a+b.c@mail.example.org, a+b.c@mail.example.org"
    })
    void writesDomainsByIdna(String address, String wire) throws AddressException {
        assertThat(MailAddress.wire(address).getAddress()).isEqualTo(wire);
    }

    /** Their low bytes are those of B, of a carriage return and of a line feed. */
    @ParameterizedTest
    @ValueSource(strings = {"ł@example.com", "čapek@example.cz", "Ċ@example.com", "用户@example.com", "a b@example.com"})
    void refusesALocalPartThatTheWireWouldMakeAnotherOne(String address) {
        assertThatThrownBy(() -> MailAddress.wire(address)).isInstanceOf(AddressException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@straße.de", "ada@exa_mple.com", "ada@example..com", "@example.com", "ada@", "ada"})
    void refusesWhatNamesNoDomain(String address) {
        assertThatThrownBy(() -> MailAddress.wire(address)).isInstanceOf(AddressException.class);
    }

    @Test
    void saysNothingOfTheAddress() {
        assertThatThrownBy(() -> MailAddress.wire("ł@example.com")).hasMessageNotContaining("example");
    }
}
