package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.events.Orders.utf8;
import static dev.orderflow.intake.RunningIntake.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.local.EmbeddedParts;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Embedded;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intake while its only broker is away: every order gets an honest answer, and nobody else notices. */
class BrokerOutageIT {

    private static final int CLIENTS = 1_000;
    private static final int READS = 500;

    @TempDir
    java.nio.file.Path data;

    @Test
    void answersReadersAtOnceWhileAThousandOrdersWait() throws Exception {
        // Given
        Settings settings = broker();
        LocalParts.Running broker = new EmbeddedParts().start(settings);
        try (var intake = RunningIntake.startOn(
                settings.text("local.kafka.port"), change -> change.with("intake.ackTimeoutMs", "3000"))) {
            assertThat(send(intake.order(utf8(REQUEST))).statusCode()).isEqualTo(202);
            broker.close();

            // When
            var waiting = postAll(intake);
            await().atMost(Duration.ofSeconds(3)).until(() -> waiting.stream().noneMatch(CompletableFuture::isDone));
            long p99 = p99OfReads(intake);
            var statuses = new TreeMap<Integer, Integer>();
            waiting.forEach(answer -> statuses.merge(answer.join().statusCode(), 1, Integer::sum));
            System.out.printf("outage: %d reads, p99 %d ms; answers to %d orders: %s%n", READS, p99, CLIENTS, statuses);

            // Then
            assertThat(p99).isLessThan(250);
            assertThat(statuses).containsOnlyKeys(503);
            assertThat(waiting.get(0).join().body())
                    .contains("problems/not-acknowledged")
                    .contains("same Idempotency-Key");
            assertThat(waiting.get(0).join().headers().firstValue("Retry-After"))
                    .isPresent();

            broker = new EmbeddedParts().start(settings);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> send(intake.order(utf8(REQUEST))).statusCode() == 202);
        } finally {
            broker.close();
        }
    }

    @Test
    void givesEachOrderAnAnswerThatWaitsWhenItStops() throws Exception {
        // Given
        Settings settings = broker();
        LocalParts.Running broker = new EmbeddedParts().start(settings);
        try (var intake = RunningIntake.startOn(
                settings.text("local.kafka.port"),
                change -> change.with("intake.ackTimeoutMs", "3000").with("intake.inFlightMax", "600"))) {
            send(intake.order(utf8(REQUEST)));
            broker.close();
            var waiting = postAll(intake);
            await().until(() ->
                    waiting.stream().filter(CompletableFuture::isDone).count() >= CLIENTS - 600);

            // When
            intake.context.stop();

            // Then
            var statuses = new TreeSet<Integer>();
            var problems = new TreeMap<String, Integer>();
            for (var answer : waiting) {
                statuses.add(answer.join().statusCode());
                problems.merge(answer.join().body().replaceAll(".*problems/([a-z-]+).*", "$1"), 1, Integer::sum);
            }
            System.out.println("stop: answers to waiting orders: " + problems);
            assertThat(statuses).isSubsetOf(202, 503);
            assertThat(problems).containsEntry("too-many-waiting", CLIENTS - 600);
        } finally {
            broker.close();
        }
    }

    private Settings broker() {
        return Embedded.settings(data)
                .with("local.kafka.port", Integer.toString(Ports.free()))
                .with("database.url", Embedded.shared().databaseUrl());
    }

    private static ArrayList<CompletableFuture<HttpResponse<String>>> postAll(RunningIntake intake) {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < CLIENTS; i++) {
            answers.add(client.sendAsync(intake.order(utf8(REQUEST)).build(), HttpResponse.BodyHandlers.ofString()));
        }
        return answers;
    }

    private static long p99OfReads(RunningIntake intake) {
        var took = new ArrayList<Long>();
        for (int i = 0; i < READS; i++) {
            long begin = System.nanoTime();
            send(intake.request("/orders/o-17"));
            took.add((System.nanoTime() - begin) / 1_000_000);
        }
        took.sort(null);
        return took.get(READS * 99 / 100);
    }
}
