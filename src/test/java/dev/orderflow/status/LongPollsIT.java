package dev.orderflow.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.database.Database;
import dev.orderflow.events.Event;
import dev.orderflow.testing.StartedRestServer;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class LongPollsIT {

    private static final int WAITERS_MAX = 2_000;

    private Database database;
    private StatusProjection book;
    private Counting counting;
    private LongPolls waiting;
    private Thread thread;

    /** Counts how often a connection is asked for, and can be cut. */
    private static final class Counting extends DelegatingDataSource {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean cut;

        Counting(Database database) {
            super(database);
        }

        @Override
        public Connection getConnection() throws SQLException {
            asked.incrementAndGet();
            if (cut) {
                throw new SQLException("cut", "08006");
            }
            return super.getConnection();
        }

        @Override
        public PrintWriter getLogWriter() throws SQLException {
            return super.getLogWriter();
        }
    }

    @BeforeEach
    void start() {
        database = StartedRestServer.database();
        book = Story.book(database);
        counting = new Counting(database);
        waiting = new LongPolls(new OrderQueries(counting), Runnable::run, Duration.ofMillis(25), WAITERS_MAX);
        thread = new Thread(waiting, "waiting");
        thread.start();
    }

    @AfterEach
    void stop() throws Exception {
        waiting.stop();
        thread.join(5_000);
        database.close();
    }

    @Test
    void aThousandWaitersShareOneThreadAndAFewQueries() throws Exception {
        // Given
        int count = 1_000;
        List<Event> placed = new ArrayList<>();
        List<Event> reserved = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UUID id = UUID.randomUUID();
            placed.add(Story.placed(id));
            reserved.add(Story.reserved(id));
        }
        book.note(placed);
        Map<UUID, OrderView> answered = new ConcurrentHashMap<>();
        int threads = Thread.activeCount();
        for (Event event : placed) {
            assertThat(waiting.await(
                            event.orderId(),
                            1,
                            Duration.ofSeconds(20),
                            state -> answered.put(event.orderId(), state.orElseThrow())))
                    .isTrue();
        }
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
        int before = counting.asked.get();

        // When
        book.note(reserved);

        // Then
        await().atMost(Duration.ofSeconds(10)).until(() -> answered.size() == count);
        assertThat(answered.values()).allMatch(state -> state.changed() == 2);
        assertThat(counting.asked.get() - before).isLessThan(100);
        assertThat(waiting.size()).isZero();
    }

    @Test
    void nobodyAsksTheDatabaseWhenNobodyWaits() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        waiting.await(UUID.randomUUID(), -1, Duration.ofMillis(50), state -> ended.incrementAndGet());
        await().atMost(Duration.ofSeconds(5)).until(() -> ended.get() == 1);
        int before = counting.asked.get();

        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(1))
                .until(() -> counting.asked.get() - before <= 1);
    }

    @Test
    void aWaiterWhosePatienceEndsIsAnsweredWithNothing() {
        List<Optional<OrderView>> answers = new ArrayList<>();

        waiting.await(UUID.randomUUID(), -1, Duration.ofMillis(100), answers::add);

        await().atMost(Duration.ofSeconds(5)).until(() -> answers.size() == 1);
        assertThat(answers.get(0)).isEmpty();
    }

    @Test
    void moreWaitersThanMayAreTurnedAway() {
        for (int i = 0; i < WAITERS_MAX; i++) {
            waiting.await(UUID.randomUUID(), -1, Duration.ofSeconds(20), state -> {});
        }

        assertThat(waiting.await(UUID.randomUUID(), -1, Duration.ofSeconds(20), state -> {}))
                .isFalse();
    }

    @Test
    void waitersOutlastADatabaseThatIsAwayForAMoment() throws Exception {
        // Given
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.placed(id)));
        List<Optional<OrderView>> answers = new ArrayList<>();
        counting.cut = true;
        waiting.await(id, 1, Duration.ofSeconds(20), answers::add);
        int before = counting.asked.get();
        await().until(() -> counting.asked.get() > before + 2);

        // When
        book.note(List.of(Story.reserved(id)));
        counting.cut = false;

        // Then
        await().atMost(Duration.ofSeconds(5)).until(() -> answers.size() == 1);
        assertThat(answers.get(0)).map(OrderView::changed).contains(2);
    }

    @Test
    void stoppingAnswersEveryWaiter() {
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            waiting.await(UUID.randomUUID(), -1, Duration.ofSeconds(60), state -> ended.incrementAndGet());
        }

        waiting.stop();

        await().atMost(Duration.ofSeconds(5)).until(() -> ended.get() == 10);
    }
}
