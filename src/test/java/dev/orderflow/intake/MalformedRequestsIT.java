package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.intake.Malformed.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** 10,000 requests that are wrong in some way, as bytes on a connection each; the printed seed replays them. */
class MalformedRequestsIT {

    private static final int REQUESTS = 10_000;
    private static final int AT_ONCE = 64;
    private static final int CUT_AFTER_MS = 1_000;
    private static final int GIVE_UP_MS = 20_000;

    private record Asked(Malformed kind, byte[] request) {}

    @Test
    void answersEachWithAProblemAndAppendsNothing() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("MalformedRequestsIT: seed " + seed);
        var random = new Random(seed);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            Malformed kind = Malformed.values()[i % Malformed.values().length];
            asked.add(new Asked(kind, kind.request(random)));
        }
        var statuses = new EnumMap<Malformed, Map<Integer, Integer>>(Malformed.class);
        Set<String> accepted = new HashSet<>();
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try (var intake = RunningIntake.start(
                settings -> settings.with("door.requestTimeoutMs", Integer.toString(CUT_AFTER_MS)))) {
            int port = intake.door.port();
            List<Callable<String>> calls = new ArrayList<>();
            asked.forEach(one -> calls.add(() -> answer(port, one)));
            var answers = threads.invokeAll(calls);
            for (int i = 0; i < REQUESTS; i++) {
                Malformed kind = asked.get(i).kind();
                String answer = answers.get(i).get();
                int status = answer.isEmpty() ? 0 : Integer.parseInt(answer.substring(9, 12));
                statuses.computeIfAbsent(kind, k -> new TreeMap<>()).merge(status, 1, Integer::sum);
                check(kind, status, answer);
                if (status == 202) {
                    accepted.add(answer.replaceFirst("(?s).*\"orderId\":\"([^\"]*)\".*", "$1"));
                }
            }
            statuses.forEach((kind, seen) -> System.out.println("MalformedRequestsIT: " + kind + " " + seen));

            var records = intake.records();
            assertThat(records).hasSameSizeAs(accepted).allSatisfy(MalformedRequestsIT::isOurs);
            assertThat(records).extracting(ConsumerRecord::key).containsAll(accepted);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void check(Malformed kind, int status, String answer) {
        assertThat(answer)
                .as("%s", kind)
                .doesNotContain("HTTP/1.1 5")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        if (kind.answer == Answer.ACCEPTED) {
            assertThat(status).as("%s: %s", kind, answer).isEqualTo(202);
        } else if (status != 202 || kind.answer != Answer.ANY) {
            assertThat(status == 0 && kind.answer == Answer.REFUSED_OR_CUT || status >= 400 && status < 500)
                    .as("%s: %s", kind, answer)
                    .isTrue();
            if (status > 0) {
                assertThat(answer).as("%s", kind).containsIgnoringCase("Content-Type: application/problem+json");
            }
        }
    }

    /** All that comes back until the connection is closed by the server, which must be soon. */
    private static String answer(int port, Asked asked) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(GIVE_UP_MS);
            try {
                socket.getOutputStream().write(asked.request());
                if (asked.kind() == Malformed.HALF_SENT) {
                    socket.shutdownOutput();
                }
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (java.net.SocketException e) {
                // It was cut before it had sent all.
                return "";
            }
        }
    }

    private static void isOurs(ConsumerRecord<String, byte[]> record) {
        assertThat(record.key()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7.*");
        assertThat(record.headers())
                .extracting(header -> header.key())
                .containsExactlyInAnyOrder(
                        "ce_id", "ce_source", "ce_specversion", "ce_time", "ce_type", "content-type", "traceparent");
        assertThat(new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                .isEqualTo(record.key() + "/order-placed");
    }
}
