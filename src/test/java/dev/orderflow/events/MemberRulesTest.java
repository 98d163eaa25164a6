package dev.orderflow.events;

import static dev.orderflow.events.MemberRules.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges of each rule. */
class MemberRulesTest {

    @Test
    void aTokenHasOneToItsMostOfSomeCharacters() {
        assertThat(MemberRules.token("sku", "azAZ09._-", 9)).isEqualTo(GOOD);
        assertThat(MemberRules.token("sku", "a", 9)).isEqualTo(GOOD);
        assertThat(MemberRules.token("sku", "azAZ09._-", 8))
                .isEqualTo("sku must be 1 to 8 of A-Z a-z 0-9 . _ -, but was 'azAZ09._-'");
        assertThat(MemberRules.token("sku", "", 8)).startsWith("sku must be");
    }

    /** What stands before and behind each range of ASCII. */
    @ParameterizedTest
    @ValueSource(strings = {"`", "{", "@", "[", "/", ":", ",", "^", "~", " ", "\u00e9"})
    void aTokenHasNoOtherCharacterAnywhere(String other) {
        assertThat(MemberRules.token("sku", other + "a", 8)).isNotEqualTo(GOOD);
        assertThat(MemberRules.token("sku", "a" + other, 8)).isNotEqualTo(GOOD);
    }

    @Test
    void aTextIsCountedInCharactersAndNotInHalves() {
        assertThat(MemberRules.text("name", "\ud83d\ude00\ud83d\ude00", 2)).isEqualTo(GOOD);
        assertThat(MemberRules.text("name", "\ud83d\ude00\ud83d\ude00a", 2))
                .isEqualTo("name must have 1 to 2 characters and not only spaces, but had 3");
        assertThat(MemberRules.text("name", " \t ", 9)).isNotEqualTo(GOOD);
        assertThat(MemberRules.text("name", "", 9)).endsWith("but had 0");
    }

    /** Line separators, controls of both ranges, and halves of a pair at every place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000",
                "\u001f",
                "\u007f",
                "\u0080",
                "\u009f",
                "\u2028",
                "\u2029",
                "\ud800",
                "\ude00",
                "\ud800a",
                "\ude00\ud83d",
                "\ud800\ud83d\ude00",
                "\ud83d\ude00\ude00"
            })
    void aTextHasNoControlAndNoBrokenCharacter(String broken) {
        String sentence = "name must have no line breaks, control characters or broken characters";

        assertThat(MemberRules.text("name", broken + "a", 9)).isEqualTo(sentence);
        assertThat(MemberRules.text("name", "a" + broken, 9)).isEqualTo(sentence);
        assertThat(MemberRules.acceptedEmail("a" + broken))
                .isEqualTo("email must have no control characters or broken characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "\u00a0a", "~", "\u2027", "\u202a", "\ud7ff\ue000", "\ud83d\ude00\ud83d\ude00"})
    void aTextHasEveryOtherCharacter(String text) {
        assertThat(MemberRules.text("name", text, 9)).isEqualTo(GOOD);
        assertThat(MemberRules.acceptedEmail(text)).isEqualTo(GOOD);
    }

    @Test
    void anIdempotencyKeyIsPrintableAscii() {
        String sentence = "idempotencyKey must have 1 to 255 printable ASCII characters";

        assertThat(MemberRules.idempotencyKey("a")).isEqualTo(GOOD);
        assertThat(MemberRules.idempotencyKey(" ~")).isEqualTo(GOOD);
        assertThat(MemberRules.idempotencyKey("~ ")).isEqualTo(GOOD);
        assertThat(MemberRules.idempotencyKey("k".repeat(255))).isEqualTo(GOOD);
        assertThat(MemberRules.idempotencyKey("k".repeat(256))).isEqualTo(sentence);
        assertThat(MemberRules.idempotencyKey("")).isEqualTo(sentence);
        assertThat(MemberRules.idempotencyKey("\u001fk")).isEqualTo(sentence);
        assertThat(MemberRules.idempotencyKey("k\u007f")).isEqualTo(sentence);
        assertThat(MemberRules.idempotencyKey("k\u00e9")).isEqualTo(sentence);
    }

    @Test
    void anEmailIsUsualOrAnAddress() {
        assertThat(MemberRules.email("ada@example.com")).isEqualTo(GOOD);
        assertThat(MemberRules.email("ada@m\u00fcller.de")).isEqualTo(GOOD);
        assertThat(MemberRules.email("ada")).isEqualTo("email must have exactly one @, with text before and after it");
    }

    @Test
    void countriesAndCurrenciesAreThoseOfIso() {
        assertThat(MemberRules.country("XK")).isEqualTo(GOOD);
        assertThat(MemberRules.country("QQ"))
                .isEqualTo("country must be an upper-case ISO 3166-1 alpha-2 code such as DE, but was 'QQ'");
        assertThat(MemberRules.currency("EUR")).isEqualTo(GOOD);
        assertThat(MemberRules.currency("DEM"))
                .isEqualTo("currency must be an upper-case ISO 4217 code such as EUR, but was 'DEM'");
        assertThat(MemberRules.hasPostalCodes("DE")).isTrue();
        assertThat(MemberRules.hasPostalCodes("ZW")).isFalse();
    }

    @Test
    void whatWasAcceptedOnceHasTheFormOfACode() {
        assertThat(MemberRules.acceptedCountry("AZ")).isEqualTo(GOOD);
        assertThat(MemberRules.acceptedCurrency("AMZ")).isEqualTo(GOOD);
        for (String wrong : new String[] {"A", "ABCD", "A@", "A[", "az", ""}) {
            assertThat(MemberRules.acceptedCountry(wrong))
                    .isEqualTo("country must be two capital letters, but was '" + wrong + "'");
            assertThat(MemberRules.acceptedCurrency("Z" + wrong))
                    .isEqualTo("currency must be three capital letters, but was 'Z" + wrong + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "9", "123456789", "0.1", "123456789.1234", "1.0"})
    void aPriceHasUpToNineDigitsAndFourBehindAPoint(String price) {
        assertThat(MemberRules.unitPrice(price)).isEqualTo(GOOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.",
                ".1",
                "1234567890",
                "1234567890.1",
                "1.12345",
                "1.1.1",
                "-1",
                "+1",
                "1e3",
                "1,5",
                "/1",
                ":1",
                "1/",
                "1:",
                "1.:",
                "\u0661"
            })
    void aPriceIsNothingElse(String price) {
        assertThat(MemberRules.unitPrice(price))
                .startsWith(
                        "unitPrice must be a decimal string such as \"12.50\", at most 9 digits and 4 after the point, but was '");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"` ~`, ` ~`", "`a\u001fb`, a?b", "a\u007fb, a?b", "a\u00e9b, a?b"})
    void aSentenceShowsOnlyPrintableAscii(String value, String shown) {
        assertThat(MemberRules.shortened(value)).isEqualTo(shown);
        assertThat(MemberRules.quoted(value)).isEqualTo("'" + shown + "'");
    }

    @Test
    void aSentenceShowsFortyCharactersAtMost() {
        assertThat(MemberRules.shortened("x".repeat(40))).isEqualTo("x".repeat(40));
        assertThat(MemberRules.shortened("x".repeat(41))).isEqualTo("x".repeat(40) + "...");
        assertThat(MemberRules.quantity("0")).isEqualTo("quantity must be from 1 to 9,999, but was 0");
    }
}
