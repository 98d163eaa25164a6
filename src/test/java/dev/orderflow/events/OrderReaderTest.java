package dev.orderflow.events;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.events.Orders.recordText;
import static dev.orderflow.events.Orders.request;
import static dev.orderflow.events.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.OrderReader.Invalid;
import dev.orderflow.events.OrderReader.Malformed;
import dev.orderflow.events.OrderReader.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderReaderTest {

    @Test
    void readsARequestThatKeepsEveryRule() {
        var readable = (Readable) OrderReader.request(utf8(REQUEST));

        assertThat(readable.customer()).isEqualTo(new Order.Customer("c-42", "ada@example.com"));
        assertThat(readable.shipTo().postalCode()).isEqualTo("N1 9GU");
        assertThat(readable.lines()).hasSize(2);
        assertThat(readable.lines().get(0).unitPrice()).hasToString("12.50");
        assertThat(readable.reference()).isEqualTo("PO 7");
    }

    @Test
    void readsARequestWithoutReference() {
        var readable = (Readable) OrderReader.request(request(",\n \"reference\": \"PO 7\"", ""));

        assertThat(readable.reference()).isEmpty();
    }

    @Test
    void readsBackWhatItWrote() {
        Order order = OrderReader.record(utf8(recordText(text -> text)));

        byte[] written = OrderWriter.bytes(order);

        assertThat(OrderReader.record(written)).isEqualTo(order);
        assertThat(written).isEqualTo(OrderWriter.bytes(OrderReader.record(written)));
        assertThat(new String(written, StandardCharsets.UTF_8))
                .startsWith("{\"orderId\":\"019aa000-0000-7000-8000-000000000001\","
                        + "\"placedAt\":\"2026-01-31T08:00:00.123Z\",\"customer\":{\"id\":\"c-42\"")
                .contains("\"unitPrice\":\"12.50\"");
    }

    @Test
    void readsBackQuotesBackslashesAndEveryScript() {
        var name = "\"Ada\" \\ O'Neil </b> \u007e\u00e9\u6f22\ud83d\ude00";
        Order order = OrderReader.record(utf8(recordText(
                text -> text.replace("Ada Lovelace", name.replace("\\", "\\\\").replace("\"", "\\\"")))));

        assertThat(order.shipTo().name()).isEqualTo(name);
        assertThat(OrderReader.record(OrderWriter.bytes(order))).isEqualTo(order);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"c-42\"|\"c 42\"|/customer/id|customer id must be 1 to 64 of A-Z a-z 0-9 . _ -, but was 'c 42'",
                "\"c-42\"|42|/customer/id|id must be a string, but was a number",
                "ada@example.com|ada|/customer/email|email must have exactly one @, with text before and after it",
                "ada@example.com|a@b@c|/customer/email|email must have exactly one @, with text before and after it",
                "ada@example.com|ada@exa mple.com|/customer/email|email must have a domain of letters, digits and hyphens behind @, with single dots between them and none at its end",
                "ada@example.com|ada@example.com\\r\\nBcc:x|/customer/email|email must have a domain of letters, digits and hyphens behind @, with single dots between them and none at its end",
                "Ada Lovelace|Ada\\nLovelace|/shipTo/name|name must have no line breaks, control characters or broken characters",
                "Ada Lovelace|Ada \\ud800|/shipTo/name|name must have no line breaks, control characters or broken characters",
                "\"London\"|\" \"|/shipTo/city|city must have 1 to 120 characters and not only spaces, but had 1",
                "N1 9GU|12345678901234567|/shipTo/postalCode|postalCode must have 1 to 16 characters and not only spaces, but had 17",
                "\"GB\"|\"gb\"|/shipTo/country|country must be an upper-case ISO 3166-1 alpha-2 code such as DE, but was 'gb'",
                "\"EUR\"|\"euro\"|/currency|currency must be an upper-case ISO 4217 code such as EUR, but was 'euro'",
                "\"quantity\": 2|\"quantity\": 0|/lines/0/quantity|quantity must be from 1 to 9,999, but was 0",
                "\"quantity\": 2|\"quantity\": -1|/lines/0/quantity|quantity must be from 1 to 9,999, but was -1",
                "\"quantity\": 2|\"quantity\": 10000|/lines/0/quantity|quantity must be from 1 to 9,999, but was 10000",
                "\"quantity\": 2|\"quantity\": 99999999999999999999|/lines/0/quantity|quantity must be from 1 to 9,999, but was 99999999999999999999",
                "\"quantity\": 2|\"quantity\": 1e1|/lines/0/quantity|quantity must be a whole number from 1 to 9,999, but was 1e1",
                "\"quantity\": 2|\"quantity\": \"2\"|/lines/0/quantity|quantity must be a whole number from 1 to 9,999, but was a string",
                "\"quantity\": 2|\"quantity\": null|/lines/0/quantity|quantity must be a whole number from 1 to 9,999, but was null",
                "\"12.50\"|12.50|/lines/0/unitPrice|unitPrice must be a string, but was a number",
                "\"12.50\"|\"-1\"|/lines/0/unitPrice|unitPrice must be a decimal string such as \"12.50\", at most 9 digits and 4 after the point, but was '-1'",
                "\"12.50\"|\"1.\"|/lines/0/unitPrice|unitPrice must be a decimal string such as \"12.50\", at most 9 digits and 4 after the point, but was '1.'",
                "\"12.50\"|\"1e9\"|/lines/0/unitPrice|unitPrice must be a decimal string such as \"12.50\", at most 9 digits and 4 after the point, but was '1e9'",
                "CUP.2|TEA-1|/lines/1/sku|a sku may stand in an order once, but 'TEA-1' came again",
                "\"TEA-1\"|\"\"|/lines/0/sku|sku must be 1 to 40 of A-Z a-z 0-9 . _ -, but was ''",
                "\"reference\"|\"refer/ence~\"|/refer~1ence~0|'refer/ence~' is not a member of an order here",
                "\"reference\"|\"orderId\"|/orderId|'orderId' is not a member of an order here",
                "\"reference\"|\"currency\"|/currency|currency must stand once, but came again",
                "\"email\"|\"mail\"|/customer/mail|'mail' is not a member of an order here",
                "\"email\"|\"mail\"|/customer/email|email is missing",
                "\"EUR\"|{\"a\": []}|/currency|currency must be a string, but was an object",
            })
    void refusesWhatBreaksARule(String found, String replacement, String pointer, String sentence) {
        var invalid = (Invalid) OrderReader.request(request(found, replacement));

        assertThat(invalid.violations()).contains(new Violation(pointer, sentence));
    }

    /** UPU: no postal codes; XK has them and stands in no list of ISO. */
    @ParameterizedTest
    @CsvSource({"HK,", "AE, ''", "QA, 12345", "XK, 10000"})
    void takesCountriesAsShopsHaveThem(String country, String postalCode) {
        String code = postalCode == null ? "" : "\"postalCode\": \"" + postalCode + "\", ";
        Readable readable = (Readable) OrderReader.request(
                request("\"postalCode\": \"N1 9GU\", \"country\": \"GB\"", code + "\"country\": \"" + country + "\""));
        Order order = readable.placed(UUID.randomUUID(), Instant.EPOCH);

        assertThat(order.shipTo().country()).isEqualTo(country);
        assertThat(order.shipTo().postalCode())
                .isEqualTo(code.isEmpty() || postalCode.isEmpty() ? Order.NO_POSTAL_CODE : postalCode);
        assertThat(OrderReader.record(OrderWriter.bytes(order))).isEqualTo(order);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"postalCode\": \"\", ", "\"postalCode\": 7, "})
    void wantsAPostalCodeWhereThereAreSome(String code) {
        var invalid = (Invalid) OrderReader.request(request("\"postalCode\": \"N1 9GU\", ", code));

        assertThat(invalid.violations())
                .singleElement()
                .satisfies(one -> assertThat(one.pointer()).isEqualTo("/shipTo/postalCode"));
    }

    @Test
    void takesPricesDownToTheMinorUnitOfEachCurrency() {
        var currencies = MemberRules.currencies();
        assertThat(currencies)
                .hasSizeGreaterThan(150)
                .containsEntry("EUR", "2")
                .containsEntry("JPY", "0")
                .containsEntry("KWD", "3");
        currencies.stringPropertyNames().forEach(code -> {
            int digits = Integer.parseInt(currencies.getProperty(code));
            assertThat(MemberRules.currency(code)).isEmpty();
            assertThat(MemberRules.unitPrice(digits == 0 ? "1" : "0." + "1".repeat(digits)))
                    .isEmpty();
        });
        for (String gone : List.of("DEM", "HRK", "BGN", "XAU", "XXX", "XTS")) {
            assertThat(MemberRules.currency(gone)).as(gone).isNotEmpty();
        }
    }

    /** Rules of the door bind new orders: what was accepted once is read for ever. */
    @ParameterizedTest
    @CsvSource({
        "ada@example.com, ada@example.com.",
        "ada@example.com, ada@exa_mple..com",
        "ada@example.com, a<b>@example.com",
        "EUR, DEM",
        "EUR, XXQ",
        "GB, AN",
        "GB, ZZ"
    })
    void readsWhatWasAcceptedOnce(String found, String accepted) {
        String text = Orders.recordText(json -> json.replace("\"" + found + "\"", "\"" + accepted + "\""));

        assertThat(text).contains("\"" + accepted + "\"");
        assertThat(OrderReader.record(utf8(text)).reference()).isEqualTo("PO 7");
    }

    @Test
    void tellsAllViolationsAtOnceUpToTwenty() {
        String lines = IntStream.range(0, 30).mapToObj(i -> "{}").collect(Collectors.joining(","));

        var invalid = (Invalid) OrderReader.request(utf8("{\"customer\": 7, \"lines\": [" + lines + "]}"));

        assertThat(invalid.violations())
                .hasSize(20)
                .contains(new Violation("/customer", "customer must be an object, but was a number"))
                .contains(new Violation("/lines/3/sku", "sku is missing"));
    }

    @Test
    void refusesMoreThanAHundredLines() {
        String line = "{\"sku\": \"S%d\", \"quantity\": 1, \"unitPrice\": \"1\"}";
        String lines = IntStream.range(0, 101).mapToObj(line::formatted).collect(Collectors.joining(","));

        var invalid = (Invalid)
                OrderReader.request(utf8(REQUEST.replaceFirst("(?s)\"lines\": \\[.*?]", "\"lines\": [" + lines + "]")));

        assertThat(invalid.violations())
                .isEqualTo(List.of(new Violation("/lines", "lines must have 1 to 100 entries, but had 101")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"order\"", "7", "null", "true"})
    void refusesJsonThatIsNoObject(String body) {
        var invalid = (Invalid) OrderReader.request(utf8(body));

        assertThat(invalid.violations().get(0).detail()).startsWith("the order must be an object, but was ");
    }

    @Test
    void tellsThePlaceOfBrokenJsonWithoutQuotingIt() {
        var malformed = (Malformed) OrderReader.request(utf8("{\"customer\":\n  {\"id\": secret}}"));

        assertThat(malformed.sentence())
                .matches("The body is not valid JSON at line 2, column \\d+\\.")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{", "{\"customer\"", "{\"customer\": {\"id\": \"c", "{\"lines\": [1"})
    void tellsThatTheBodyEndsTooEarly(String body) {
        var malformed = (Malformed) OrderReader.request(utf8(body));

        assertThat(malformed.sentence()).startsWith("The body ends too early: its JSON is not closed");
    }

    @Test
    void refusesDeepNestingAndHugeNumbersWithoutReadingThem() {
        String deep = "{\"lines\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        String huge = "{\"lines\": " + "9".repeat(100_000) + "}";

        assertThat(OrderReader.request(utf8(deep))).isInstanceOf(Malformed.class);
        assertThat(OrderReader.request(utf8(huge))).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] overlong = {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'};

        assertThat(OrderReader.request(overlong)).isEqualTo(new Malformed("The body is not valid UTF-8."));
        assertThat(OrderReader.request(REQUEST.getBytes(StandardCharsets.UTF_16)))
                .isInstanceOf(Malformed.class);
        assertThat(OrderReader.request(REQUEST.getBytes(StandardCharsets.UTF_16LE)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void skipsMembersOfANewerWriterInARecord() {
        Order order = OrderReader.record(utf8(recordText(
                text -> text.replaceFirst("\"customer\": \\{", "\"gift\": {\"wrap\": [1, {}]}, $0\"vip\": 1,"))));

        assertThat(order.customer().id()).isEqualTo("c-42");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"quantity\": 2|\"quantity\": 0|The record is not an order: quantity must be from 1 to 9,999, but was 0 (at '/lines/0/quantity').",
                "019aa000-0000-7000-8000-000000000001|1-1-1-1-1|The record is not an order: orderId must be a UUID, but was '1-1-1-1-1' (at '/orderId').",
                "\"placedAt\"|\"placed\"|The record is not an order: placedAt is missing (at '/placedAt').",
                "2026-01-31T|31.1.2026T|The record is not an order: placedAt must be a time such as 2026-01-31T08:00:00Z, but was '31.1.2026T08:00:00.123Z' (at '/placedAt').",
                "\"EUR\"|EUR|The record is not valid JSON at line 3, column 14.",
            })
    void refusesARecordThatIsNotAnOrder(String found, String replacement, String sentence) {
        byte[] record = utf8(recordText(text -> Orders.replaced(text, found, replacement)));

        assertThatThrownBy(() -> OrderReader.record(record))
                .isInstanceOf(UnreadableException.class)
                .hasMessage(sentence);
    }
}
