package dev.orderflow.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.MailAddress.NoMailAddressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "ada@example.com, ada@example.com",
                "Ada@Example.COM, Ada@Example.COM",
                "a+b.c@mail.example.org, a+b.c@mail.example.org",
                "o'neill@example.ie, o'neill@example.ie",
                "ada@müller.de, ada@xn--mller-kva.de",
                // Two domains by the IDNA of 2003, one by UTS 46, non-transitional.
                "ada@straße.de, ada@xn--strae-oqa.de",
                "ada@βόλος.com, ada@xn--nxasmm1c.com",
                "ada@xn--mller-kva.de, ada@xn--mller-kva.de",
                "ada@MÜLLER.de, ada@xn--mller-kva.de",
                "ada@例え。テスト, ada@xn--r8jz45g.xn--zckzah",
                "ada@r3---sn.example.com, ada@r3---sn.example.com",
                "a..b@docomo.ne.jp, \"a..b\"@docomo.ne.jp",
                ".a@docomo.ne.jp, \".a\"@docomo.ne.jp",
                "\"a..b\"@docomo.ne.jp, \"a..b\"@docomo.ne.jp",
                "\"ada\"@example.com, ada@example.com",
                "用户@example.com, 用户@example.com",
                "čapek@example.cz, čapek@example.cz"
            })
    void isWrittenAsAServerTakesIt(String address, String wire) throws NoMailAddressException {
        assertThat(MailAddress.of(address).wire()).isEqualTo(wire);
    }

    @Test
    void knowsWhatOnlyAServerWithSmtpUtf8Takes() throws NoMailAddressException {
        assertThat(MailAddress.of("ada@müller.de").isAscii()).isTrue();
        assertThat(MailAddress.of("ł@example.com").isAscii()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "@example.com",
                "ada@",
                "ada@example.com.",
                "ada@.example.com",
                "ada@example..com",
                "ada@exa_mple.com",
                "ada@-example.com",
                "ada@example-.com",
                "ada@127.0.0.1",
                "ada@[127.0.0.1]",
                "ada@xn--a",
                "ada@xn--",
                "ada@\u2024.de",
                "ada@a\u200db.de",
                "a b@example.com",
                "a,b@example.com",
                "<ada@example.com>",
                "a@b@example.com",
                "\"a b\"@example.com",
                "a\\b@example.com",
                "a\r\nb@example.com",
                "a\u2028b@example.com",
                "a\u202eb@example.com",
                "a\ud800b@example.com",
                "\"\"@example.com",
                "a\"b@example.com"
            })
    void refusesWhatNoMailCanGoTo(String address) {
        assertThatThrownBy(() -> MailAddress.of(address))
                .isInstanceOf(NoMailAddressException.class)
                .hasMessageStartingWith("email ");
    }

    /** A glance never says more than the look. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.com", "a.b@c.d", "a..b@c.de", ".a@c.de", "a.@c.de", "@c.de", "a@", "a@b@c.de", "a@c..de",
                        "a@c.de.", "a@.de",
                "a@-c.de", "a@c-.de", "a@c.-de", "a@c.de-", "a@c--d.de", "a@xn--a.de", "a@1.2.3.4", "a@c.4", "a@c_d.de",
                        "a b@c.de", "ł@c.de",
                "a@ł.de", "a@c", "a@4", "\"a\"@c.de"
            })
    void aGlanceTakesOnlyWhatTheLookTakesAsItIs(String address) {
        if (MailAddress.isUsual(address)) {
            assertThat(wire(address)).isEqualTo(address);
        }
        assertThat(MailAddress.isUsual("ada.l+x@mail-1.example.com")).isTrue();
    }

    private static String wire(String address) {
        try {
            return MailAddress.of(address).wire();
        } catch (NoMailAddressException e) {
            return e.getMessage();
        }
    }

    @Test
    void countsOctetsAndNotCharacters() throws NoMailAddressException {
        String sixtyFour = "ł".repeat(32);
        assertThat(MailAddress.of(sixtyFour + "@example.com").local()).isEqualTo(sixtyFour);
        assertThatThrownBy(() -> MailAddress.of(sixtyFour + "a@example.com"))
                .hasMessage("email must have at most 64 octets before @, but had 65");
        String label = "a".repeat(61) + '.';
        assertThat(MailAddress.of("a@" + label.repeat(4) + "abcd").wire()).hasSize(254);
        assertThatThrownBy(() -> MailAddress.of("a@" + label.repeat(4) + "abcde"))
                .hasMessage("email must have at most 254 octets as it is sent, but had 255");
        assertThatThrownBy(() -> MailAddress.of("a@" + "a".repeat(64) + ".de"))
                .isInstanceOf(NoMailAddressException.class);
    }

    /** Most addresses; what stands at each edge of the ranges of ASCII. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@c",
                "z@z",
                "A@A",
                "Z@Z",
                "0@a0",
                "9@a9",
                "!@c",
                "~@c",
                "/@c",
                "`@c",
                "{@c",
                "a.b@c",
                "a.b.c@d.e",
                "a@c-d",
                "a@c-d-e.f-g",
                "a@0.z",
                "a@9.z",
                "a@4.c4"
            })
    void takesAUsualAddressAtAGlance(String address) throws NoMailAddressException {
        assertThat(MailAddress.isUsual(address)).isTrue();
        assertThat(MailAddress.of(address).wire()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "@",
                "a@",
                "@c",
                ".@c",
                ".a@c",
                "a.@c",
                "a..b@c",
                "a@b@c",
                "a[@c",
                "a:@c",
                "a\"@c",
                "a\u007f@c",
                "a b@c",
                "a@.c",
                "a@c.",
                "a@c..d",
                "a@b.c..d",
                "a@-c",
                "a@c-",
                "a@b.-c",
                "a@b-.c",
                "a@c--d",
                "a@b.c--d",
                "a@`c",
                "a@{c",
                "a@c`",
                "a@c{",
                "a@c@",
                "a@c[",
                "a@[c",
                "a@/c",
                "a@:c",
                "a@c/",
                "a@c:",
                "a@c_d",
                "a@4",
                "a@c.4",
                "a@c.0",
                "a@c.9",
                "a@\u0661c"
            })
    void looksTwiceAtWhatIsNotUsual(String address) {
        assertThat(MailAddress.isUsual(address)).isFalse();
    }

    @Test
    void looksTwiceAtWhatIsLong() {
        assertThat(MailAddress.isUsual("a@" + "c".repeat(62))).isTrue();
        assertThat(MailAddress.isUsual("a@" + "c".repeat(63))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@c.4a", "a@4c", "a@a.z", "a@A.Z", "a@0.9a", "a@c--d"})
    void takesADomainOfLettersDigitsAndHyphens(String address) throws NoMailAddressException {
        assertThat(MailAddress.of(address).wire()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@4", "a@c.0", "a@c.9", "a@c.4567"})
    void refusesAnIpAddressBySayingSo(String address) {
        assertThatThrownBy(() -> MailAddress.of(address))
                .hasMessage("email must have the name of a domain behind @, not an IP address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@`c", "a@c{", "a@[c", "a@c@", "a@/c", "a@c:", "a@c,d", "a@c.", "a@-c", "a@c-"})
    void refusesEveryOtherCharacterInADomain(String address) {
        assertThatThrownBy(() -> MailAddress.of(address))
                .isInstanceOf(NoMailAddressException.class)
                .hasMessageStartingWith("email must have ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u007fb",
                "a\u0080b",
                "a\ue000b",
                "a\u00a0b",
                "a\u2029b",
                "a\u0378b",
                "a[b",
                "a:b",
                "a@b",
                "\"a",
                "a\""
            })
    void refusesWhatIsNotVisibleBeforeTheAt(String local) {
        assertThatThrownBy(() -> MailAddress.of(local + "@example.com"))
                .isInstanceOf(NoMailAddressException.class)
                .hasMessageStartingWith("email ");
    }

    @Test
    void takesEveryVisibleCharacterBeforeTheAt() throws NoMailAddressException {
        assertThat(MailAddress.of("az.AZ09!#$%&'*+-/=?^_`{|}~\u00a1\ud83d\ude00@c.de")
                        .local())
                .isEqualTo("az.AZ09!#$%&'*+-/=?^_`{|}~\u00a1\ud83d\ude00");
        assertThat(MailAddress.of("\u007e@c.de").isAscii()).isTrue();
        assertThat(MailAddress.of("\u00a1@c.de").isAscii()).isFalse();
        assertThat(MailAddress.of("ada@c\u00e9.de").domain()).isEqualTo("xn--c-bga.de");
    }

    @Test
    void aLabelHasSixtyThreeCharactersAtMost() throws NoMailAddressException {
        assertThat(MailAddress.of("a@" + "c".repeat(63)).domain()).hasSize(63);
        assertThatThrownBy(() -> MailAddress.of("a@" + "c".repeat(64)))
                .hasMessageStartingWith("email must have a domain of letters");
    }

    @Test
    void saysNothingOfTheAddress() {
        assertThatThrownBy(() -> MailAddress.of("secret@exa_mple.com"))
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("exa_mple");
    }
}
