package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.UnreadableException;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.testing.Records;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of record is to a service. */
class RecordReaderTest {

    private static final DefaultCamelContext CONTEXT = new DefaultCamelContext();
    private static final UUID ORDER = UUID.fromString("019aa000-0000-7000-8000-000000000001");
    private static final String WIRE = "dev.orderflow.order-placed.v1";

    private final RecordReader reader = new RecordReader("shipping", Set.of("order-placed", "stock-short"));

    @Test
    void readsAnOrder() {
        var reading = reader.read(exchange(placed()));

        assertThat(reading.ignored()).isEmpty();
        var item = reading.item();
        assertThat(item.id).isEqualTo(ORDER + "/order-placed");
        assertThat(item.attempt).isEqualTo(1);
        assertThat(item.event.order()).isEqualTo(Records.order(ORDER, "A", 1));
        assertThat(item.event.time()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(RecordHeaders.text(item.headers, CloudEvents.TYPE)).isEqualTo(WIRE);
    }

    @Test
    void readsWhatAnotherServiceSaid() {
        var kafkaRecord = event("stock-short", "{\"orderId\":\"%s\",\"missing\":[\"A\"]}".formatted(ORDER));
        kafkaRecord.headers().add(CloudEvents.ROUTE_VERSION, "abc".getBytes(UTF_8));

        var event = reader.read(exchange(kafkaRecord)).item().event;

        assertThat(event.orderId()).isEqualTo(ORDER);
        assertThat(event.type()).isEqualTo("stock-short");
        assertThat(event.time()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(event.data()).isEqualTo(Map.of("missing", List.of("A")));
        assertThat(event.routeVersion()).isEqualTo("abc");
    }

    @Test
    void letsPassWithoutAWordWhatIsOursAndNotHeard() {
        var reading = reader.read(exchange(event("order-recounted", "{}")));

        assertThat(reading.item()).isNull();
        assertThat(reading.ignored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.example.order.v1", "order-placed", "dev.orderflow.other.v2", "dev.orderflow."})
    void saysWhyItIgnoresWhatIsNotOurs(String type) {
        var reading = reader.read(exchange(typed(type)));

        assertThat(reading.item()).isNull();
        assertThat(reading.ignored()).isEqualTo("its ce_type '%s' is not one of Orderflow's", type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.orderflow.order-placed.v2",
                "dev.orderflow.order-placed",
                "dev.orderflow.ORDER-placed.V1",
                "dev.orderflow.Order-Placed.v1",
                "dev.orderflow. order-placed.v1",
                "dev.orderflow.order-placed .v1",
                " dev.orderflow.order-placed.v1"
            })
    void doesNotLetPassWhatIsNearlyHeard(String type) {
        assertThatThrownBy(() -> reader.read(exchange(typed(type))))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("the ce_type header is '%s', and was to be '%s'", type, WIRE);
    }

    @Test
    void wantsAType() {
        assertThatThrownBy(() -> reader.read(exchange(typed(""))))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("the record has no ce_type header; see asyncapi.json for what it needs");
    }

    @ParameterizedTest
    @CsvSource({"64, ''", "65, ..."})
    void showsNoMoreThanSixtyFourCharactersAndNoControls(int length, String rest) {
        String type = "x".repeat(length - 1) + '\n';

        var ignored = reader.read(exchange(typed(type))).ignored();

        assertThat(ignored).contains("'" + ("x".repeat(length - 1) + "?").substring(0, 64) + rest + "'");
    }

    /** A flood of made-up types must not fill the memory, and is read all the same. */
    @Test
    void knowsATypeAlsoBehindAThousandOthers() {
        for (int i = 0; i < 1_100; i++) {
            assertThat(reader.read(exchange(typed("type " + i))).ignored()).isNotEmpty();
        }

        assertThat(reader.read(exchange(placed())).item()).isNotNull();
        assertThat(reader.read(exchange(placed())).item()).isNotNull();
    }

    @Test
    void wantsABody() {
        var kafkaRecord = exchange(placed());
        kafkaRecord.getMessage().setBody(null);

        assertThatThrownBy(() -> reader.read(kafkaRecord))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("the record has no body, which an event needs");
    }

    @Test
    void wantsAnOrder() {
        assertThatThrownBy(() -> reader.read(exchange(Records.garbage("orders", ORDER))))
                .isInstanceOf(UnreadableException.class)
                .hasMessageStartingWith("The record is not valid JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other|the record's key is 'other', but its order id is '%s'; the two must be equal",
                "|the record's key is 'null', but its order id is '%s'; the two must be equal",
                "019aa000-0000-7000-8000-000000000002|the record's key is '019aa000-0000-7000-8000-000000000002', but its order id is '%s'; the two must be equal"
            })
    void wantsTheOrderIdAsItsKey(String key, String sentence) {
        var kafkaRecord = exchange(placed());
        kafkaRecord.getMessage().setHeader(KafkaHeaders.KEY, key);

        assertThatThrownBy(() -> reader.read(kafkaRecord))
                .isInstanceOf(UnreadableException.class)
                .hasMessage(sentence.formatted(ORDER));
    }

    @Test
    void takesAKeyOfBytesToo() {
        var kafkaRecord = exchange(placed());
        kafkaRecord.getMessage().setHeader(KafkaHeaders.KEY, ORDER.toString().getBytes(UTF_8));

        assertThat(reader.read(kafkaRecord).item()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"missing\":[]}|the body's orderId is missing or not a UUID",
                "{\"orderId\":7}|the body's orderId is missing or not a UUID",
                "{\"orderId\"|the body is not a JSON object: Unexpected end-of-input within/between Object entries",
                "``|the body is not a JSON object: No content to map due to end-of-input",
                "[]|the body is not a JSON object: Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang.Object>` from Array value (token `JsonToken.START_ARRAY`)"
            })
    void wantsAnObjectWithAnOrderId(String body, String sentence) {
        assertThatThrownBy(() -> reader.read(exchange(event("stock-short", body))))
                .isInstanceOf(UnreadableException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void wantsATimeOfWhatAnotherServiceSaid() {
        var kafkaRecord = event("stock-short", "{\"orderId\":\"%s\"}".formatted(ORDER));
        kafkaRecord.headers().add(CloudEvents.TIME, "yesterday".getBytes(UTF_8));

        assertThatThrownBy(() -> reader.read(exchange(kafkaRecord)))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("the ce_time header is not a time in RFC 3339");
    }

    @Test
    void readsWhatIsRedrivenForItWithTheNumberOfItsTry() {
        var kafkaRecord = exchange(redriven("shipping", "shipping/" + ORDER + "/order-placed", "3"));

        var item = reader.read(kafkaRecord).item();

        assertThat(item.attempt).isEqualTo(3);
        assertThat(RecordReader.isRedrivenFor("shipping", kafkaRecord)).isTrue();
        assertThat(RecordReader.isRedrivenFor("inventory", kafkaRecord)).isFalse();
        assertThat(RecordReader.isRedrivenFor("shipping", exchange(placed()))).isFalse();
    }

    @Test
    void letsPassWithoutAWordWhatIsRedrivenForAnother() {
        var reading = reader.read(exchange(redriven("inventory", "inventory/x", "2")));

        assertThat(reading.item()).isNull();
        assertThat(reading.ignored()).isEmpty();
    }

    /** Whoever sets the header alone would have all other services pass an order. */
    @ParameterizedTest
    @CsvSource({
        "inventory, shipping/x, 2",
        "inventory, inventoryx, 2",
        "inventory, '', 2",
        "inventory, inventory/x, 1",
        "inventory, inventory/x, ''",
        "shipping, shipping/x, two"
    })
    void doesNotBelieveARedriveWithoutItsLetter(String service, String id, String attempt) {
        assertThatThrownBy(() -> reader.read(exchange(redriven(service, id, attempt))))
                .isInstanceOf(UnreadableException.class)
                .hasMessage(
                        "the header orderflow-redrive-service is '%s', but the record's orderflow-id and orderflow-attempt are not those of a redrive",
                        service);
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "0, 1", "-3, 1", "1, 1", "2, 2", "32767, 32767", "32768, 1", "two, 1"})
    void countsTheTriesOfARecord(String header, int attempt) {
        var kafkaRecord = placed();
        kafkaRecord.headers().add(DeadLetters.ATTEMPT, header.getBytes(UTF_8));

        assertThat(RecordReader.attempt(kafkaRecord.headers())).isEqualTo(attempt);
        assertThat(RecordReader.attempt(placed().headers())).isEqualTo(1);
    }

    /** A record header of Kafka may stand twice, or have no value. */
    @Test
    void readsTheLastHeaderOfAName() {
        var headers = placed().headers();
        headers.add("ce_id", "later".getBytes(UTF_8));
        headers.add("ce_time", null);

        assertThat(RecordHeaders.text(headers, "ce_id")).isEqualTo("later");
        assertThat(RecordHeaders.text(headers, "ce_time")).isEmpty();
        assertThat(RecordHeaders.text(headers, "none")).isEmpty();
        assertThat(RecordHeaders.text((Headers) null, "ce_id")).isEmpty();
    }

    @Test
    void letsOnlyOurHeadersOutAndNoneIn() {
        var ours = new RecordHeaders();

        assertThat(Set.of("ce_id", "traceparent", "kafka_dlt-original-topic", "orderflow-service"))
                .allMatch(name -> !ours.applyFilterToCamelHeaders(name, "", null));
        assertThat(Set.of("subject", "CamelFileName", "ce_subject", "xorderflow-service"))
                .allMatch(name -> ours.applyFilterToCamelHeaders(name, "", null));
        assertThat(ours.applyFilterToExternalHeaders("ce_id", "", null)).isTrue();
    }

    private static ProducerRecord<String, byte[]> placed() {
        return Records.placed("orders", Records.order(ORDER, "A", 1));
    }

    private static ProducerRecord<String, byte[]> event(String type, String body) {
        return Records.event("order-events", ORDER, type, body);
    }

    private static ProducerRecord<String, byte[]> typed(String wireType) {
        var kafkaRecord = placed();
        kafkaRecord.headers().remove(CloudEvents.TYPE).add(CloudEvents.TYPE, wireType.getBytes(UTF_8));
        return kafkaRecord;
    }

    private static ProducerRecord<String, byte[]> redriven(String service, String id, String attempt) {
        var kafkaRecord = placed();
        kafkaRecord
                .headers()
                .add(DeadLetters.REDRIVE_SERVICE, service.getBytes(UTF_8))
                .add(DeadLetters.ID, id.getBytes(UTF_8))
                .add(DeadLetters.ATTEMPT, attempt.getBytes(UTF_8));
        return kafkaRecord;
    }

    private static Exchange exchange(ProducerRecord<String, byte[]> kafkaRecord) {
        var exchange = new DefaultExchange(CONTEXT);
        exchange.getMessage().setBody(kafkaRecord.value());
        exchange.getMessage().setHeader(KafkaHeaders.KEY, kafkaRecord.key());
        exchange.getMessage().setHeader(KafkaHeaders.HEADERS, kafkaRecord.headers());
        return exchange;
    }
}
