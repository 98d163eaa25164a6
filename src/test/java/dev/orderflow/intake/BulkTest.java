package dev.orderflow.intake;

import static dev.orderflow.intake.BulkInHand.WIDE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests become a bulk. */
class BulkTest {

    private static final byte[] BODY = WIDE.getBytes(StandardCharsets.UTF_8);

    private BulkInHand intake;

    @BeforeEach
    void start() {
        intake = BulkInHand.acknowledging(settings -> settings.with("intake.bulkBytesMax", "" + BODY.length));
    }

    @AfterEach
    void stop() {
        intake.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: application/json | 415 | unsupported-media-type",
                "Content-Type: application/x-ndjson; charset=latin1 | 415 | unsupported-media-type",
                "Content-Encoding: br | 415 | unsupported-encoding",
                "Idempotency-Key: k | 400 | idempotency-key-invalid",
            })
    void refusesARequestThatIsNoBulk(String header, int status, String problem) {
        var answer = intake.post(header + "\r\n", BODY);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).contains("problems/" + problem);
        assertThat(intake.producer.history()).isEmpty();
    }

    @Test
    void takesABodyOfAllTheBytesThatItMayHaveAndNoLongerOne() {
        assertThat(intake.post("", BODY).outcomes()).containsExactly("1 accepted");

        var longer = intake.post("", (WIDE + " ").getBytes(StandardCharsets.UTF_8));

        assertThat(longer.status()).isEqualTo(413);
        assertThat(longer.body()).contains("at most %,d bytes".formatted(BODY.length));
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void refusesABodyLongerThanAnyNumber() throws IOException {
        try (var socket = intake.open("/orders/bulk", "Content-Length: 99999999999999999999\r\n")) {
            // Vert.x refuses what is no length before any handler, or the handler does.
            assertThat(BulkAnswer.head(socket.getInputStream())).containsPattern("^http/1.1 4(00|13) ");
        }
    }

    @Test
    void takesNoneWhileOrdersAreNotTaken() throws Exception {
        intake.context.getRouteController().stopRoute("accept-order");

        var answer = intake.post("", BODY);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("problems/not-ready");
    }

    @Test
    void takesNoneWhereNoPlaceIsFree() {
        for (int taken = 0; taken < 5_000; taken++) {
            intake.waiting.take();
        }

        var answer = intake.post("", BODY);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.head()).contains("retry-after: 1\n");
        intake.waiting.leave();
        assertThat(intake.post("", BODY).outcomes()).containsExactly("1 accepted");
        assertThat(intake.waiting.count()).isEqualTo(4_999);
    }

    @Test
    void takesABulkAtItsFormerPathAndSaysWhereItIsNow() throws IOException {
        String length = "Content-Length: " + BODY.length + "\r\n";
        try (var former = intake.open("/orders", length);
                var current = intake.open("/orders/bulk", length);
                var order = intake.open("/orders", "Content-Type: application/json\r\n" + length)) {
            former.getOutputStream().write(BODY);
            current.getOutputStream().write(BODY);
            order.getOutputStream().write(BODY);

            var answer = BulkAnswer.read(former.getInputStream());
            assertThat(answer.outcomes()).containsExactly("1 accepted");
            assertThat(answer.head())
                    .contains("deprecation: @1795737600\n")
                    .contains("link: </orders/bulk>; rel=\"successor-version\"\n");
            assertThat(BulkAnswer.read(current.getInputStream()).head()).doesNotContain("deprecation");
            var one = BulkAnswer.read(order.getInputStream());
            assertThat(one.body()).isEqualTo("one order");
            assertThat(one.head()).doesNotContain("deprecation");
        }
    }

    @Test
    void leavesAnOrderWithoutTypeAtTheFormerPathToTheNext() throws IOException {
        try (var socket = intake.open("/orders", "X: Content-Type\r\nContent-Length: 0\r\n")) {
            assertThat(BulkAnswer.read(socket.getInputStream()).body()).isEqualTo("one order");
        }
    }

    /** What comes when its workers are gone gets no answer; its client sees the end of the connection. */
    @Test
    void closesItsProducerAndTheConnectionsOfLaterBulks() throws IOException {
        intake.bulk.stop();

        assertThat(intake.producer.closed()).isTrue();
        assertThat(intake.bulk.workers.isShutdown()).isTrue();
        try (var socket = intake.open("/orders/bulk", "Content-Length: " + BODY.length + "\r\n")) {
            socket.getOutputStream().write(BODY);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void letsItsThreadsGoWhenNothingIsToDo() {
        assertThat(intake.bulk.workers.allowsCoreThreadTimeOut()).isTrue();
        assertThat(intake.bulk.workers.getCorePoolSize()).isEqualTo(2);
    }
}
