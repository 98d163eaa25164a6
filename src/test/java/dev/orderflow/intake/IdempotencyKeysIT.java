package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.events.Orders.request;
import static dev.orderflow.events.Orders.utf8;
import static dev.orderflow.intake.RunningIntake.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an Idempotency-Key promises, on a real broker and a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyKeysIT {

    private static final byte[] OTHER = request("\"quantity\": 2", "\"quantity\": 3");

    private RunningIntake intake;

    @BeforeAll
    void start() {
        intake = RunningIntake.startKeyed(settings -> settings);
    }

    @AfterAll
    void stop() {
        intake.close();
    }

    @Test
    void answersARepetitionWithTheSameOrderAndAppendsItOnce() {
        var first = post("once", utf8(REQUEST));

        var again = post("once", utf8(REQUEST.replace(", ", ",\n")));

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(appended("once")).isEqualTo(1);
    }

    @Test
    void refusesAnotherOrderUnderTheSameKey() {
        post("other", utf8(REQUEST));

        var other = post("other", OTHER);

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("problems/idempotency-key-reused");
        assertThat(appended("other")).isEqualTo(1);
    }

    @Test
    void refusesARepetitionWhileTheFirstHasNoAnswer() throws SQLException {
        post("flight", utf8(REQUEST));
        execute(
                "UPDATE intake.keys SET state = 'pending', lease_until = now() + interval '1 minute' WHERE id = ?",
                "flight");

        var again = post("flight", utf8(REQUEST));

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("problems/idempotency-key-in-flight");
        assertThat(again.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void takesAKeyOverWhenItsLeaseHasEnded() throws SQLException {
        post("lease", utf8(REQUEST));
        execute("UPDATE intake.keys SET state = 'pending', lease_until = now() WHERE id = ?", "lease");

        var again = post("lease", utf8(REQUEST));
        var third = post("lease", utf8(REQUEST));

        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(third.statusCode()).isEqualTo(202);
        assertThat(appended("lease")).isEqualTo(2);
    }

    @Test
    void appendsOneOrderForManyAtOnce() throws Exception {
        var threads = Executors.newFixedThreadPool(16);
        var calls = new ArrayList<Callable<HttpResponse<String>>>();
        for (int i = 0; i < 100; i++) {
            calls.add(() -> post("many", utf8(REQUEST)));
        }

        List<Integer> statuses = new ArrayList<>();
        for (var answer : threads.invokeAll(calls)) {
            statuses.add(answer.get().statusCode());
        }
        threads.shutdown();

        assertThat(statuses).contains(202).isSubsetOf(202, 409);
        assertThat(appended("many")).isEqualTo(1);
    }

    @Test
    void forgetsOldKeysOnly() throws SQLException {
        post("old", utf8(REQUEST));
        post("young", utf8(REQUEST));
        execute("UPDATE intake.keys SET at = now() - interval '3 hours' WHERE id = ?", "old");

        int forgotten = new KeysTable(intake.database(), 1).forget(2);

        assertThat(forgotten).isEqualTo(1);
    }

    private HttpResponse<String> post(String key, byte[] body) {
        return send(intake.order(body).header("Idempotency-Key", key));
    }

    private long appended(String key) {
        String id = OrderIds.of("", key).toString();
        return intake.records().stream()
                .filter(record -> id.equals(record.key()))
                .count();
    }

    private void execute(String sql, String key) throws SQLException {
        try (var connection = intake.database().getConnection();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, OrderIds.of("", key));
            statement.executeUpdate();
        }
    }
}
