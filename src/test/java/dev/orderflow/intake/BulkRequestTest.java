package dev.orderflow.intake;

import static dev.orderflow.intake.BulkInHand.ORDER;
import static dev.orderflow.intake.BulkInHand.WIDE;
import static dev.orderflow.intake.BulkInHand.chunk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a bulk's body is read and its results are written: their order, and where reading stops. */
class BulkRequestTest {

    private static final String WRONG = ORDER.replace("\"quantity\": 2", "\"quantity\": 0");
    private static final String NO_ORDER = "{}";

    private BulkInHand intake;

    @AfterEach
    void stop() {
        intake.close();
    }

    private void acknowledging(UnaryOperator<Settings> change) {
        intake = BulkInHand.acknowledging(change);
    }

    @Test
    void answersEachLineInItsOrderAndPassesBlankOnes() {
        acknowledging(settings -> settings);

        var answer = intake.post(ORDER, WRONG, "{no json", "", " \t\r", ORDER + "\r", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head())
                .contains("content-type: application/x-ndjson\n")
                .doesNotContain("connection: close");
        assertThat(answer.outcomes()).containsExactly("1 accepted", "2 invalid 422", "3 invalid 400", "6 accepted");
        assertThat(intake.accepted()).isEqualTo(2);
        assertThat(intake.refused(422)).isEqualTo(1);
        assertThat(intake.refused(400)).isEqualTo(1);
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void keepsTheOrderOfTheLinesWhateverIsAcknowledgedFirst() throws IOException {
        intake = BulkInHand.holding(5_000);
        try (var socket = begun(ORDER + "\n" + NO_ORDER + "\n" + ORDER)) {
            await().until(() -> intake.producer.history().size() == 2 && intake.refused(422) == 1);

            intake.producer.completeNext();
            intake.producer.completeNext();

            assertThat(BulkAnswer.read(socket.getInputStream()).outcomes())
                    .containsExactly("1 accepted", "2 invalid 422", "3 accepted");
        }
    }

    @Test
    void answersABodyWithoutAnyLine() {
        acknowledging(settings -> settings);

        assertThat(intake.post("").status()).isEqualTo(400);
        assertThat(intake.post("\n \n\t").body()).contains("problems/empty-body");
    }

    @Test
    void answersALineWhileTheNextIsNotSentYet() throws IOException {
        acknowledging(settings -> settings);
        try (var socket = intake.open("/orders/bulk", "Transfer-Encoding: chunked\r\n")) {
            for (int line = 1; line <= 3; line++) {
                socket.getOutputStream().write(chunk(ORDER + "\n"));
                if (line == 1) {
                    BulkAnswer.head(socket.getInputStream());
                }
                assertThat(new String(BulkAnswer.chunk(socket.getInputStream()), UTF_8))
                        .startsWith("{\"line\":" + line + ",\"status\":\"accepted\"");
            }
            socket.getOutputStream().write(chunk(""));
            assertThat(BulkAnswer.chunk(socket.getInputStream())).isEmpty();
        }
    }

    @Test
    void appendsNoMoreThanTwoThousandLinesAheadOfTheirResults() throws IOException {
        intake = BulkInHand.holding(5_000);
        try (var socket = begun((ORDER + "\n").repeat(2_100))) {
            await().until(() -> intake.producer.history().size() >= 2_000 && isIdle());
            assertThat(intake.producer.history()).hasSize(2_000);
            assertThat(intake.waiting.count()).isEqualTo(2_000);

            acknowledgeUntil(2_100);

            assertThat(BulkAnswer.read(socket.getInputStream()).results())
                    .extracting(result -> result.get("line").asInt())
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 2_100).boxed().toList());
        }
    }

    @Test
    void waitsForAPlaceForEachLine() throws IOException {
        intake = BulkInHand.holding(2);
        try (var socket = begun((ORDER + "\n").repeat(9))) {
            await().until(() -> intake.producer.history().size() == 2);

            acknowledgeUntil(9);

            assertThat(BulkAnswer.read(socket.getInputStream()).outcomes())
                    .hasSize(9)
                    .allMatch(outcome -> outcome.endsWith("accepted"));
        }
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void readsAsManyLinesAsItSaysAndTellsWhereItStopped() throws IOException {
        acknowledging(settings -> settings.with("intake.bulkLinesMax", "3"));

        assertThat(intake.post(ORDER, "", NO_ORDER, ORDER, "", "").outcomes())
                .containsExactly("1 accepted", "3 invalid 422", "4 accepted");
        try (var socket = begun(String.join("\n", ORDER, ORDER, "", ORDER, ORDER, ORDER))) {
            var answer = BulkAnswer.read(socket.getInputStream());
            assertThat(answer.outcomes()).containsExactly("1 accepted", "2 accepted", "4 accepted", "5 invalid 413");
            assertThat(answer.body()).contains("at most 3 lines");
            // What was not read can be no further request.
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(intake.producer.history()).hasSize(5);
    }

    @Test
    void readsAsManyBytesAsItSaysOfABodyWithoutLength() throws IOException {
        String two = WIDE + "\n" + WIDE + "\n";
        acknowledging(settings -> settings.with("intake.bulkBytesMax", "" + two.length()));

        assertThat(intake.postChunked(two).outcomes()).containsExactly("1 accepted", "2 accepted");
        assertThat(intake.postChunked(two.stripTrailing()).outcomes()).containsExactly("1 accepted", "2 accepted");
        try (var socket = intake.open("/orders/bulk", "Transfer-Encoding: chunked\r\n")) {
            socket.getOutputStream().write(chunk(two + WIDE + "\n" + WIDE + "\n"));
            var answer = BulkAnswer.read(socket.getInputStream());
            assertThat(answer.outcomes()).containsExactly("1 accepted", "2 accepted", "3 invalid 413");
            assertThat(answer.body()).contains("at most %,d bytes".formatted(two.length()));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** The beginning of the line that was cut is no line: it could be an order of its own. */
    @Test
    void readsNothingOfALineThatTheLastByteCuts() {
        acknowledging(settings -> settings.with("intake.bulkBytesMax", "" + (2 * WIDE.length() + 1)));

        assertThat(intake.postChunked(WIDE + "\n" + WIDE + " \n" + WIDE).outcomes())
                .containsExactly("1 accepted", "2 invalid 413");
    }

    @Test
    void tellsOnceThatItStoppedWhereLinesAndBytesAreTooMany() {
        acknowledging(settings ->
                settings.with("intake.bulkLinesMax", "1").with("intake.bulkBytesMax", "" + (2 * WIDE.length())));

        assertThat(intake.postChunked((WIDE + "\n").repeat(4)).outcomes())
                .containsExactly("1 accepted", "2 invalid 413");
    }

    @Test
    void refusesALongLineAlone() {
        acknowledging(settings -> settings.with("intake.bodyBytesMax", "" + WIDE.length()));

        var answer = intake.post(WIDE, WIDE + " ", WIDE);

        assertThat(answer.outcomes()).containsExactly("1 accepted", "2 invalid 413", "3 accepted");
        assertThat(answer.body()).contains("at most %,d bytes".formatted(WIDE.length()));
        assertThat(intake.refused(413)).isEqualTo(1);
        assertThat(intake.waiting.count()).isZero();
    }

    @Test
    void readsGzip() throws IOException {
        acknowledging(settings -> settings);

        assertThat(intake.post("Content-Encoding: gzip\r\n", gzip(ORDER + "\n{}\n" + ORDER))
                        .outcomes())
                .containsExactly("1 accepted", "2 invalid 422", "3 accepted");
    }

    @Test
    void readsGzipThatBecomesMuch() throws IOException {
        acknowledging(settings -> settings.with("intake.bulkBytesMax", "3000000"));
        String lines = (NO_ORDER + " ".repeat(10_000) + "\n").repeat(250);

        assertThat(intake.post("Content-Encoding: gzip\r\n", gzip(lines)).outcomes())
                .hasSize(250);
    }

    @Test
    void readsNoMoreBytesOfGzipThanItSays() throws IOException {
        acknowledging(settings -> settings.with("intake.bulkBytesMax", "600000"));
        String lines = (NO_ORDER + " ".repeat(9_997) + "\n").repeat(250);

        var outcomes = intake.post("Content-Encoding: gzip\r\n", gzip(lines)).outcomes();

        assertThat(outcomes).hasSize(61).last().isEqualTo("61 invalid 413");
    }

    @Test
    void tellsWhereGzipEndsThatIsNone() throws IOException {
        acknowledging(settings -> settings);
        byte[] whole = gzip(ORDER + "\n" + ORDER);
        byte[] half = Arrays.copyOf(whole, whole.length - 9);

        var none = intake.post("Content-Encoding: gzip\r\n", ORDER.getBytes(UTF_8));
        var cut = intake.post("Content-Encoding: gzip\r\n", half);

        assertThat(none.outcomes()).containsExactly("1 invalid 400");
        assertThat(none.body()).contains("is not gzip");
        assertThat(cut.outcomes()).last().asString().endsWith("invalid 400");
        assertThat(cut.body()).contains("The body ended before its gzip did.");
    }

    @Test
    void asksForABodyThatWaitsToBeAskedFor() throws IOException {
        acknowledging(settings -> settings);
        try (var socket =
                intake.open("/orders/bulk", "Expect: 100-continue\r\nContent-Length: " + ORDER.length() + "\r\n")) {
            assertThat(BulkAnswer.head(socket.getInputStream())).startsWith("http/1.1 100 ");

            socket.getOutputStream().write(ORDER.getBytes(UTF_8));

            assertThat(BulkAnswer.read(socket.getInputStream()).outcomes()).containsExactly("1 accepted");
        }
    }

    @Test
    void sendsNo100ThatNobodyWaitsFor() {
        acknowledging(settings -> settings);

        assertThat(intake.post(ORDER).head()).startsWith("http/1.1 200 ");
    }

    @Test
    void givesThePlacesBackOfAClientThatLeft() throws IOException {
        intake = BulkInHand.holding(5_000);
        try (var socket = intake.open("/orders/bulk", "Transfer-Encoding: chunked\r\n")) {
            socket.getOutputStream().write(chunk(ORDER + "\n" + ORDER + "\n"));
            await().until(() -> intake.producer.history().size() == 2);
        }

        acknowledgeUntil(2);

        await().until(() -> intake.waiting.count() == 0);
        assertThat(intake.accepted()).isEqualTo(2);
    }

    @Test
    void writesEveryResultToAClientThatReadsLate() throws Exception {
        acknowledging(settings -> settings);
        int lines = 9_000;
        try (var socket = intake.open("/orders/bulk", "Content-Length: " + lines * 3 + "\r\n")) {
            socket.getOutputStream().write((NO_ORDER + "\n").repeat(lines).getBytes(UTF_8));
            await().until(() -> intake.refused(422) > 0);

            assertThat(BulkAnswer.read(socket.getInputStream()).results()).hasSize(lines);
        }
    }

    /** A bulk that is sent whole. */
    private Socket begun(String body) throws IOException {
        var socket = intake.open("/orders/bulk", "Content-Length: " + body.length() + "\r\n");
        socket.getOutputStream().write(body.getBytes(UTF_8));
        return socket;
    }

    private boolean isIdle() {
        return intake.bulk.workers.getActiveCount() == 0
                && intake.bulk.workers.getQueue().isEmpty();
    }

    private void acknowledgeUntil(int orders) {
        for (int done = 0; done < orders; done++) {
            if (!intake.producer.completeNext()) {
                await().pollInterval(Duration.ofMillis(1)).until(intake.producer::completeNext);
            }
            assertThat(intake.waiting.count()).isLessThanOrEqualTo(2_000);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
