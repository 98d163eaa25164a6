package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.intake.IdempotencyKeys.Claim;
import dev.orderflow.telemetry.OutageLog;
import dev.orderflow.testing.CapturedLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The steps of a keyed order, with a desk whose work the test does. */
class IdempotencyStepsTest {

    private static final UUID ID = new UUID(1, 2);
    private static final Executor FULL = task -> {
        throw new RejectedExecutionException("full");
    };

    private final Queue<Runnable> desk = new ArrayDeque<>();
    private final KeysInHand keys = new KeysInHand();
    private final List<String> done = new ArrayList<>();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOrderWithoutAKeyPassesAtOnceWhateverTheDatabaseDoes(boolean claims) {
        keys.away = true;

        assertThat(run(claims ? claimed(desk::add) : settled(desk::add))).isTrue();

        assertThat(done).containsExactly("process", "callback true");
        assertThat(desk).isEmpty();
        assertThat(exchange.isRouteStop()).isFalse();
    }

    @Test
    void goesOnWithAKeyThatIsOurs() {
        key();

        assertThat(run(claimed(desk::add))).isFalse();
        assertThat(done).containsExactly("process");
        desk.remove().run();

        assertThat(done).containsExactly("process", "callback false");
        assertThat(keys.asked).containsExactly("claim " + ID);
        assertThat(exchange.isRouteStop()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, 202, accepted",
        "OTHER_PAYLOAD, 422, idempotency-key-reused",
        "IN_FLIGHT, 409, idempotency-key-in-flight"
    })
    void answersForAKeyThatIsNotOurs(Claim claim, int status, String told) {
        key();
        keys.known.put(ID, claim);

        run(claimed(desk::add));
        desk.remove().run();

        answered(status, told);
    }

    @Test
    void answersThatTheKeysAreAway() {
        key();
        keys.away = true;

        run(claimed(desk::add));
        desk.remove().run();

        answered(503, "/unavailable");
        assertThat(exchange.getMessage().getHeader("Retry-After")).isEqualTo("1");
    }

    @Test
    void answersThatTheKeysAreAwayWhereTheDeskIsFull() {
        key();

        assertThat(run(claimed(FULL))).isTrue();

        answered(503, "/unavailable");
        assertThat(done).containsExactly("process", "callback true");
        assertThat(keys.asked).isEmpty();
    }

    @Test
    void answersThatTheKeysAreAwayWhereThereIsNoDatabase() {
        key();

        run(new IdempotencySteps(Optional::empty, desk::add, log()).claimedBehind(now -> {}));
        desk.remove().run();

        answered(503, "/unavailable");
    }

    @Test
    void claimsNothingForARequestThatWasAnswered() {
        key();
        exchange.setRouteStop(true);

        assertThat(run(claimed(desk::add))).isTrue();

        assertThat(done).containsExactly("process", "callback true");
        assertThat(desk).isEmpty();
    }

    @Test
    void claimsNothingBehindAFault() {
        key();
        var fault = new IllegalStateException("fault");

        assertThat(run(steps(desk::add).claimedBehind(now -> {
                    throw fault;
                })))
                .isTrue();

        assertThat(exchange.getException()).isSameAs(fault);
        assertThat(desk).isEmpty();
        // A part that comes after a fault does not run.
        assertThat(run(claimed(desk::add))).isTrue();
        assertThat(done).containsExactly("callback true", "callback true");
    }

    @Test
    void settlesBeforeItAnswers() {
        key();

        assertThat(run(steps(desk::add).settledBefore(now -> done.addAll(keys.asked))))
                .isFalse();
        assertThat(done).isEmpty();
        desk.remove().run();

        assertThat(done).containsExactly("accept " + ID, "callback false");
    }

    @Test
    void answersThoughTheKeyCannotBeSettledAndSaysSo() {
        key();
        try (var log = new CapturedLog()) {
            keys.away = true;
            run(settled(desk::add));
            desk.remove().run();
            assertThat(log.text())
                    .contains("order " + ID + " is kept, but its Idempotency-Key was not settled in the database");
            assertThat(done).containsExactly("process", "callback false");

            done.clear();
            assertThat(run(settled(FULL))).isTrue();
            assertThat(done).containsExactly("process", "callback true");
        }
    }

    @Test
    void saysThatSettlingWorksAgain() {
        key();
        var settles = log();
        var step = new IdempotencySteps(() -> Optional.of(keys), Runnable::run, settles).settledBefore(now -> {});
        try (var log = new CapturedLog()) {
            keys.away = true;
            run(step);
            assertThat(log.text()).doesNotContain("works again");

            keys.away = false;
            run(step);

            assertThat(log.text()).contains("intake: works again");
        }
    }

    @Test
    void releasesTheKeyOfAnOrderThatHasOne() {
        steps(desk::add).release(exchange);
        assertThat(desk).isEmpty();

        key();
        steps(desk::add).release(exchange);
        assertThat(keys.asked).isEmpty();
        desk.remove().run();

        assertThat(keys.asked).containsExactly("release " + ID);
    }

    @Test
    void leavesALeaseToItsTimeWhereItCannotBeReleased() {
        key();
        try (var log = CapturedLog.debugOf(IdempotencySteps.class.getName())) {
            steps(FULL).release(exchange);
            keys.away = true;
            steps(Runnable::run).release(exchange);

            assertThat(log.text().lines())
                    .containsExactly(
                            "DEBUG order " + ID + ": its lease ends by time",
                            "DEBUG order " + ID + ": its lease ends by time: The database is away.");
        }
    }

    private void key() {
        exchange.setProperty(PlaceOrder.ORDER_ID, ID.toString());
        exchange.setProperty(PlaceOrder.KEYED, new KeyedOrder(ID, new byte[] {1}));
    }

    private AsyncProcessor claimed(Executor executor) {
        return steps(executor).claimedBehind(now -> done.add("process"));
    }

    private AsyncProcessor settled(Executor executor) {
        return steps(executor).settledBefore(now -> done.add("process"));
    }

    private IdempotencySteps steps(Executor executor) {
        return new IdempotencySteps(() -> Optional.of(keys), executor, log());
    }

    private static OutageLog log() {
        return new OutageLog(LoggerFactory.getLogger(IdempotencyStepsTest.class), "intake");
    }

    private boolean run(AsyncProcessor step) {
        return step.process(exchange, sync -> done.add("callback " + sync));
    }

    private void answered(int status, String told) {
        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(status);
        assertThat(exchange.getMessage().getBody(String.class)).contains(told);
        assertThat(exchange.isRouteStop()).isTrue();
    }
}
