package dev.orderflow.intake;

import static dev.orderflow.intake.BulkInHand.ORDER;
import static dev.orderflow.intake.BulkInHand.keyed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.OrderReader;
import dev.orderflow.intake.IdempotencyKeys.Claim;
import io.vertx.ext.auth.User;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the lines of a bulk: their records, their keys, and what is told when the brokers do not answer. */
class BulkAppendTest {

    private static final String OTHER = ORDER.replace("\"quantity\": 2", "\"quantity\": 3");
    private static final String A = OrderIds.of("", "a").toString();
    private static final String B = OrderIds.of("", "b").toString();

    private BulkInHand intake;

    @AfterEach
    void stop() {
        intake.close();
    }

    @Test
    void appendsTheRecordThatAnAcceptedLineNames() {
        intake = BulkInHand.acknowledging(settings -> settings.with("orders.topic", "orders-of-test"));
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        var answer = intake.post("traceparent: " + trace + "\r\n", ORDER.getBytes(UTF_8));

        String id = answer.results().get(0).get("orderId").asText();
        var appended = intake.producer.history().get(0);
        assertThat(appended.topic()).isEqualTo("orders-of-test");
        assertThat(appended.key()).isEqualTo(id);
        var order = OrderReader.record(appended.value());
        assertThat(order.orderId()).hasToString(id);
        assertThat(order.placedAt().getNano() % 1_000_000).isZero();
        assertThat(header(appended, CloudEvents.SPECVERSION)).isEqualTo("1.0");
        assertThat(header(appended, CloudEvents.ID)).isEqualTo(id + "/order-placed");
        assertThat(header(appended, CloudEvents.TYPE)).isEqualTo("dev.orderflow.order-placed.v1");
        assertThat(header(appended, CloudEvents.SOURCE)).isEqualTo("/orderflow/intake");
        assertThat(header(appended, CloudEvents.TIME))
                .isEqualTo(BulkAnswer.json(new String(appended.value(), UTF_8))
                        .get("placedAt")
                        .asText());
        assertThat(header(appended, CloudEvents.CONTENT_TYPE)).isEqualTo("application/json");
        assertThat(header(appended, CloudEvents.TRACEPARENT)).startsWith(trace.substring(0, 35));
    }

    @Test
    void beginsATraceForEachLineWhereTheClientHasNone() {
        intake = BulkInHand.acknowledging(settings -> settings);

        intake.post(ORDER, ORDER);

        assertThat(intake.producer.history())
                .extracting(appended -> header(appended, CloudEvents.TRACEPARENT))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(trace -> trace.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
    }

    @Test
    void makesTheIdOfClientAndKey() {
        intake = BulkInHand.acknowledging(settings -> settings);
        intake.user = Optional.of(User.fromName("shop"));

        var answer = intake.post(keyed("a"));

        assertThat(answer.results().get(0).get("orderId").asText())
                .isEqualTo(OrderIds.of("shop", "a").toString());
    }

    @Test
    void claimsTheKeysOfManyLinesAtOnceAndAcceptsThemBehindTheirAcknowledgement() {
        intake = BulkInHand.acknowledging(settings -> settings);

        var answer = intake.post(keyed("a"), ORDER, keyed("b"));

        assertThat(answer.outcomes()).containsExactly("1 accepted", "2 accepted", "3 accepted");
        assertThat(answer.body()).contains(A).contains(B);
        assertThat(intake.producer.history())
                .extracting(ProducerRecord::key)
                .hasSize(3)
                .contains(A, B);
        assertThat(intake.keys.asked)
                .containsExactly("claim [%s, %s]".formatted(A, B), "accept [%s, %s]".formatted(A, B));
        assertThat(intake.accepted()).isEqualTo(3);
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void asksForNoKeysWhereNoLineHasOne() {
        intake = BulkInHand.acknowledging(settings -> settings);

        intake.post(ORDER);

        assertThat(intake.keys.asked).isEmpty();
    }

    @Test
    void tellsAKeyedLineOnlyWhenTheLastOfThemIsSettled() throws IOException {
        intake = BulkInHand.holding(5_000);
        try (var socket = begun(keyed("a"), keyed("b"))) {
            await().until(() -> intake.producer.history().size() == 2);
            intake.producer.completeNext();
            assertThat(intake.accepted()).isEqualTo(1);
            assertThat(intake.keys.asked).hasSize(1);
            assertThat(intake.waiting.count()).isEqualTo(1);

            intake.producer.completeNext();

            assertThat(BulkAnswer.read(socket.getInputStream()).outcomes()).containsExactly("1 accepted", "2 accepted");
            assertThat(intake.keys.asked).last().isEqualTo("accept [%s, %s]".formatted(A, B));
        }
    }

    @Test
    void answersALineAsTheFirstOfItsKeyAndAppendsItOnce() {
        intake = BulkInHand.acknowledging(settings -> settings);

        var answer = intake.post(keyed("a"), keyed("a"), keyed("a", OTHER), keyed("b", OTHER));

        assertThat(answer.outcomes()).containsExactly("1 accepted", "2 accepted", "3 invalid 422", "4 accepted");
        assertThat(answer.results().get(1).get("orderId"))
                .isEqualTo(answer.results().get(0).get("orderId"));
        assertThat(answer.results().get(2).at("/problem/type").asText()).endsWith("/idempotency-key-reused");
        assertThat(intake.producer.history()).extracting(ProducerRecord::key).containsExactly(A, B);
        assertThat(intake.refused(422)).isEqualTo(1);
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void answersForKeysThatWereKnownBefore() {
        intake = BulkInHand.acknowledging(settings -> settings);
        intake.keys.known.put(UUID.fromString(A), Claim.ACCEPTED);
        intake.keys.known.put(UUID.fromString(B), Claim.OTHER_PAYLOAD);
        intake.keys.known.put(OrderIds.of("", "c"), Claim.IN_FLIGHT);

        var answer = intake.post(keyed("a"), keyed("b"), keyed("c"), keyed("d"));

        assertThat(answer.outcomes()).containsExactly("1 accepted", "2 invalid 422", "3 unknown 409", "4 accepted");
        assertThat(answer.results().get(0).get("orderId").asText()).isEqualTo(A);
        assertThat(intake.producer.history())
                .extracting(ProducerRecord::key)
                .containsExactly(OrderIds.of("", "d").toString());
        assertThat(intake.accepted()).isEqualTo(1);
        assertThat(intake.refused(409)).isEqualTo(1);
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void takesNoKeyedLineWhileTheKeysAreAway() {
        intake = BulkInHand.acknowledging(settings -> settings);
        intake.keys.away = true;

        var answer = intake.post(keyed("a"), ORDER, keyed("b"));

        assertThat(answer.outcomes()).containsExactly("1 unknown 503", "2 accepted", "3 unknown 503");
        assertThat(answer.body()).contains("The order was not kept");
        assertThat(intake.producer.history()).hasSize(1);
        assertThat(intake.waiting.count()).isZero();
        assertThat(intake.refused(503)).isEqualTo(2);
    }

    @Test
    void aKeptLineStaysAcceptedThoughItsKeyCannotBeSettled() throws IOException {
        intake = BulkInHand.holding(5_000);
        try (var socket = begun(keyed("a"))) {
            await().until(() -> intake.producer.history().size() == 1);
            intake.keys.away = true;

            intake.producer.completeNext();

            assertThat(BulkAnswer.read(socket.getInputStream()).outcomes()).containsExactly("1 accepted");
        }
    }

    @Test
    void releasesTheKeysOfLinesThatWereNotAcknowledged() throws IOException {
        intake = BulkInHand.holding(5_000);
        try (var socket = begun(keyed("a"), keyed("b"))) {
            await().until(() -> intake.producer.history().size() == 2);

            intake.producer.completeNext();
            intake.producer.errorNext(new NotEnoughReplicasException("away"));

            var answer = BulkAnswer.read(socket.getInputStream());
            assertThat(answer.outcomes()).containsExactly("1 accepted", "2 unknown 503");
            assertThat(answer.body()).contains("Repeat it with the same idempotencyKey");
            assertThat(intake.keys.asked)
                    .containsExactly(
                            "claim [%s, %s]".formatted(A, B), "accept [%s]".formatted(A), "release [%s]".formatted(B));
        }
        assertThat(intake.refused(503)).isEqualTo(1);
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void triesNoFurtherLineBehindOneThatWasNotAcknowledged() throws IOException {
        intake = BulkInHand.holding(1);
        try (var socket = begun(ORDER, ORDER, keyed("a"))) {
            await().until(() -> intake.producer.history().size() == 1);

            intake.producer.errorNext(new NotEnoughReplicasException("away"));

            var answer = BulkAnswer.read(socket.getInputStream());
            assertThat(answer.outcomes()).containsExactly("1 unknown 503", "2 unknown 503", "3 unknown 503");
            assertThat(answer.results().get(1).at("/problem/detail").asText())
                    .contains("Repeating it may place it twice");
        }
        assertThat(intake.producer.history()).hasSize(1);
        assertThat(intake.keys.asked).containsExactly("claim [" + A + "]", "release [" + A + "]");
        assertThat(intake.refused(503)).isEqualTo(3);
        assertThat(intake.accepted()).isZero();
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void triesNoFurtherLineBehindOneThatCouldNotBeSent() {
        intake = BulkInHand.acknowledging(settings -> settings);
        intake.producer.sendException = new TimeoutException("no metadata");

        var answer = intake.post(ORDER);
        assertThat(answer.outcomes()).containsExactly("1 unknown 503");

        // The next bulk begins anew.
        intake.producer.sendException = null;
        assertThat(intake.post(ORDER).outcomes()).containsExactly("1 accepted");
        assertThat(intake.waiting.count()).isZero();
    }

    private Socket begun(String... lines) throws IOException {
        byte[] body = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        var socket = intake.open("/orders/bulk", "Content-Length: " + body.length + "\r\n");
        socket.getOutputStream().write(body);
        return socket;
    }

    private static String header(ProducerRecord<String, byte[]> appended, String name) {
        return new String(appended.headers().lastHeader(name).value(), UTF_8);
    }
}
