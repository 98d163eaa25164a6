package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call ends, whatever listens there; and a person reads what is known of what was asked for. */
@Timeout(60)
class UnansweredCallsTest {

    private static final String RUNNING =
            "{\"id\":\"op-7\",\"state\":\"running\",\"operation\":\"rewind\",\"service\":\"shipping\",\"result\":\"\"}";
    private static final String PLAN = "{\"job\":\"job-7\",\"redrive\":5,\"quarantine\":0,\"skip\":0,\"first\":[]}";
    private static final String PROGRESS =
            "{\"state\":\"running\",\"letters\":5,\"waiting\":5,\"appended\":0,\"passedOver\":0,\"home\":0,\"parkedAgain\":0}";

    private final FakeProcess process = new FakeProcess();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void stop() {
        over.countDown();
        process.close();
    }

    private void hang(HttpExchange call) {
        try {
            over.await(Duration.ofMinutes(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForAWholeAnswerNoLongerThanItMay(boolean head) {
        process.set("cli.answerMs", "500");
        process.answer("POST /operations", call -> {
            if (head) {
                call.sendResponseHeaders(200, 1_000);
                call.getResponseBody().write('{');
                call.getResponseBody().flush();
            }
            hang(call);
        });

        assertThat(process.typed("pause shipping --yes")).isEqualTo(2);

        assertThat(process.err.toString())
                .contains("has not answered within", "cli.answerMs", "is not known")
                .doesNotContain("Nothing answers");
    }

    @Test
    void takesNoMoreOfAnAnswerThanItMay() {
        process.set("cli.answerBytesMax", "65536");
        process.answer("GET /dead-letters", call -> {
            call.sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
            while (over.getCount() > 0) {
                call.getResponseBody().write(blanks);
            }
        });

        assertThat(process.typed("dead-letters")).isEqualTo(2);

        assertThat(process.err.toString()).contains("more than 65536 bytes (cli.answerBytesMax)");
    }

    @Test
    void doesNotSayThatNothingAnswersWhenTheAnswerBreaksOff() {
        process.answer("GET /dead-letters", call -> {
            call.sendResponseHeaders(200, 1_000);
            call.getResponseBody().write('{');
            // Closing it with less than it announced cuts the connection.
        });

        assertThat(process.typed("dead-letters")).isEqualTo(2);

        assertThat(process.err.toString()).contains("cannot be read").doesNotContain("Nothing answers", "is not known");
    }

    @ParameterizedTest
    @CsvSource({"https, dead-letters, No TLS can be spoken with", "http, pause shipping --yes, cannot be read"})
    void saysWhatItHeardWhereSomethingElseIsSpoken(String scheme, String line, String said) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var threads = Executors.newSingleThreadExecutor();
            threads.execute(() -> {
                // A client may try a second connection where the first breaks off.
                while (!server.isClosed()) {
                    try (var one = server.accept()) {
                        one.getOutputStream().write("220 mail.example ESMTP\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                        one.shutdownOutput();
                        one.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // The client went away, or this server did.
                        continue;
                    }
                }
            });
            process.set("cli.url", "%s://127.0.0.1:%d".formatted(scheme, server.getLocalPort()));

            assertThat(process.typed(line)).isEqualTo(2);
            threads.shutdown();
        }

        assertThat(process.err.toString()).contains(said).doesNotContain("Nothing answers");
    }

    @Test
    void saysThatNoTlsIsTakenWhereItGetsNoAnswerToIt() {
        process.set("cli.url", process.address().replace("http:", "https:"));

        assertThat(process.typed("pause shipping --yes")).isEqualTo(2);

        // Nothing was asked yet, so nothing can have been done.
        assertThat(process.err.toString())
                .contains("takes a connection with TLS within 5 s")
                .doesNotContain("is not known");
    }

    @Test
    void namesTheOperationThatGoesOnWithoutIt() {
        process.answer("POST /operations", 202, RUNNING);
        process.answer("GET /operations/op-7", 500, "{}");

        assertThat(process.typed("rewind shipping --to beginning --yes")).isEqualTo(2);

        assertThat(process.err.toString()).contains("begun as operation op-7", "look with: orderflow operations");
    }

    @Test
    void endsTheWaitForAnOperationThatRunsForever() {
        process.set("cli.waitMs", "400");
        process.answer("POST /operations", 202, RUNNING);
        process.answer("GET /operations/op-7", 200, RUNNING);

        assertThat(process.typed("rewind shipping --to beginning --yes")).isEqualTo(2);

        assertThat(process.err.toString()).contains("cli.waitMs", "begun as operation op-7");
    }

    @Test
    void endsTheWaitForARedriveOfWhichNothingMoves() {
        process.set("cli.waitMs", "600");
        process.answer("POST /dead-letters/redrive", 202, PLAN);
        process.answer("GET /dead-letters/redrive/job-7", 200, PROGRESS);

        assertThat(process.typed("redrive --service shipping --yes")).isEqualTo(2);

        assertThat(process.err.toString()).contains("cli.waitMs", "begun as redrive job-7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h/obj#x",
                "http://h?a=b",
                "http://order_flow:8080",
                "http://127.0.0.1:99999",
                "ftp://h",
                "h:8080",
                ""
            })
    void refusesAnAddressThatCannotBeCalled(String address) {
        process.set("cli.url", address);

        assertThat(process.typed("dead-letters")).isEqualTo(2);

        assertThat(process.err.toString())
                .contains("Setting 'cli.url' must be http://host:port", "'" + address + "'", "Set CLI_URL.");
    }

    @Test
    void callsBelowAnAddressThatEndsWithASlash() {
        process.set("cli.url", process.address() + "/");
        process.answer("GET /operations?limit=50", 200, "{\"paused\":[],\"operations\":[]}");

        assertThat(process.typed("operations")).isZero();
    }

    @Test
    void showsNoPasswordOfAnAddress() {
        process.set("cli.url", "http://user:hunter2@127.0.0.1:1");

        assertThat(process.typed("dead-letters")).isEqualTo(2);

        assertThat(process.err.toString()).contains("user:***@").doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr3t\ntok", "s3cr3t\u201dtok", "s3cr3t tok", "s3cr3t\u0007tok"})
    void showsNoTokenThatNoHeaderMayCarry(String token) {
        process.set("cli.token", token);

        assertThat(process.typed("dead-letters")).isEqualTo(2);

        assertThat(process.err.toString())
                .contains("Setting 'cli.token' must be of visible ASCII characters", "Set CLI_TOKEN.")
                .doesNotContain("s3cr3t");
        assertThat(process.asked).isEmpty();
    }
}
