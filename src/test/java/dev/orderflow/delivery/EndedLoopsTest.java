package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Ticking;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a route whose poll loop has ended is started again, by a clock in hand; in a thread for each test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndedLoopsTest {

    private final Deliveries deliveries = new Deliveries();
    private final StoppableRoute route = new StoppableRoute("shipping");
    private final Ticking clock = new Ticking();
    private final List<MockConsumer<String, byte[]>> clients = new ArrayList<>();
    private final EndedLoops loops = new EndedLoops(route.context(), () -> Optional.of(deliveries), clock);
    private boolean polls;

    @BeforeEach
    void start() throws Exception {
        route.start();
        deliveries.tell(DeliveryState.of("shipping", "shipping", DeliveryState.RUNNING, ""));
    }

    @AfterEach
    void stop() {
        route.close();
    }

    @Test
    void doesNothingWhereNobodyDelivers() {
        var none = new EndedLoops(route.context(), Optional::empty, clock);

        none.run();
        none.run();

        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    /** Between two clients a loop is hard to see. */
    @Test
    void startsARouteAgainThatHasEndedInTwoLooks() {
        var consumer = polled();
        loops.run();
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
        assertThat(deliveries.consumers()).contains(consumer);

        loops.run();

        assertThat(told()).isEqualTo(DeliveryState.WAITING);
        assertThat(deliveries.states().get(0).cause())
                .isEqualTo("a poll loop of route shipping ended with an error; the route is started again");
        assertThat(deliveries.consumers()).isEmpty();
        assertThat(clients.get(0).closed()).as("it would keep its partitions").isTrue();
        assertThat(route.context()
                        .getRouteController()
                        .getRouteStatus("shipping")
                        .isStarted())
                .isTrue();
    }

    @Test
    void leavesALoopAloneThatPollsAgainInTheSecondLook() {
        polled();
        loops.run();
        polls = true;
        loops.run();
        polls = false;

        loops.run();

        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
        assertThat(clients.get(0).closed()).isFalse();
    }

    @Test
    void saysThatItPollsAgainWhenItsPauseIsOver() {
        polled();
        loops.run();
        loops.run();
        clock.pass(Duration.ofSeconds(1));
        loops.run();
        assertThat(told()).isEqualTo(DeliveryState.WAITING);
        clock.pass(Duration.ofMillis(1));

        loops.run();

        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void waitsLongerEachTimeUpToAMinute() {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            var consumer = polled();
            loops.run();
            loops.run();
            assertThat(deliveries.consumers()).as("started again").doesNotContain(consumer);

            var next = polled();
            loops.run();
            clock.pass(Duration.ofSeconds(seconds).minusMillis(1));
            loops.run();
            assertThat(deliveries.consumers()).as("not before %d s", seconds).contains(next);
            clock.pass(Duration.ofMillis(1));
            deliveries.consumers().remove(next);
        }
    }

    private ReconnectingConsumer polled() {
        var consumer = new ReconnectingConsumer(
                Map.of("group.id", "shipping"),
                deliveries,
                new SimpleMeterRegistry(),
                1,
                1,
                new MemoryDatabase().dataSource(),
                new ConsumerOwner() {
                    @Override
                    public boolean isStopping() {
                        return false;
                    }

                    @Override
                    public boolean polls(Thread thread) {
                        return polls;
                    }

                    @Override
                    public Optional<String> route() {
                        return Optional.of("shipping");
                    }
                },
                properties -> {
                    var client = new MockConsumer<String, byte[]>("none");
                    clients.add(client);
                    return client;
                });
        consumer.asConsumer().subscribe(List.of("orders"));
        consumer.asConsumer().poll(Duration.ZERO);
        return consumer;
    }

    private String told() {
        return deliveries.states().get(0).state();
    }
}
