package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each end of a poll makes it do, with Kafka's own mock in the place of its clients; in a thread for each test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReconnectingConsumerTest {

    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);
    private static final ConsumerRebalanceListener NOTHING = new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // nothing to do
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // nothing to do
        }
    };

    private final MemoryDatabase database = new MemoryDatabase();
    private final Deliveries deliveries = new Deliveries();
    private final List<Client> clients = new ArrayList<>();
    private final List<Map<String, Object>> made = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> stands = new HashMap<>();
    private final Map<String, List<List<Object>>> tables = new HashMap<>();
    private final Owner owner = new Owner();
    private RuntimeException cannotBeMade;
    private Supplier<ConsumerRecords<String, byte[]>> first = ConsumerRecords::empty;
    private final ReconnectingConsumer consumer = consumer();
    private final Consumer<?, ?> proxy = consumer.asConsumer();

    private final class Owner implements ConsumerOwner {
        private boolean stopping;
        private boolean suspended;
        private boolean polls = true;
        private Collection<String> topics = List.of();
        private int looks;
        private Runnable onLook = () -> {};

        @Override
        public void subscribed(Collection<String> subscribed) {
            topics = subscribed;
        }

        @Override
        public boolean isStopping() {
            return stopping;
        }

        @Override
        public boolean isSuspended() {
            onLook.run();
            if (looks > 0 && --looks == 0) {
                suspended = false;
            }
            return suspended;
        }

        @Override
        public boolean polls(Thread thread) {
            return polls && thread == Thread.currentThread();
        }

        @Override
        public Optional<String> route() {
            return Optional.of("route of shipping");
        }
    }

    private final class Client extends MockConsumer<String, byte[]> {
        private final Deque<Supplier<ConsumerRecords<String, byte[]>>> script = new ArrayDeque<>();
        private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
        private Runnable assignment = () -> {};

        Client() {
            super("none");
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            super.subscribe(topics, listener);
            assignment = this::assign;
        }

        private void assign() {
            assignment = () -> {};
            updateBeginningOffsets(Map.of(P0, 10L, P1, 10L));
            updateEndOffsets(Map.of(P0, 100L, P1, 100L));
            rebalance(List.of(P0, P1));
            seek(P0, 10);
            seek(P1, 10);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, Duration timeout) {
            return new HashMap<>(stands);
        }

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            assignment.run();
            return script.isEmpty() ? ConsumerRecords.empty() : script.remove().get();
        }

        private void pollAsKafkaDoes() {
            super.poll(Duration.ZERO);
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            commits.add(offsets);
            super.commitAsync(offsets, callback);
        }
    }

    private ReconnectingConsumer consumer() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("group.id", "shipping");
        properties.put("auto.offset.reset", "earliest");
        return new ReconnectingConsumer(
                properties, deliveries, new SimpleMeterRegistry(), 1, 2, database.dataSource(), owner, own -> {
                    made.add(own);
                    if (cannotBeMade != null) {
                        throw cannotBeMade;
                    }
                    var client = new Client();
                    client.script.add(first);
                    clients.add(client);
                    return client;
                });
    }

    @BeforeEach
    void subscribe() {
        deliveries.tell(DeliveryState.of("shipping", "shipping", DeliveryState.RUNNING, ""));
        database.finds(asked -> tables.entrySet().stream()
                .filter(table -> asked.sql().contains(table.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(List.of()));
        proxy.subscribe(List.of("orders"), NOTHING);
    }

    @Test
    void makesItsClientAtTheFirstPoll() {
        assertThat(made).isEmpty();
        assertThat(proxy.assignment()).isEmpty();
        assertThat(proxy.paused()).isEmpty();
        proxy.wakeup();
        proxy.unsubscribe();

        poll();
        poll();

        assertThat(made).singleElement().satisfies(own -> {
            assertThat(own).containsEntry("auto.offset.reset", "none").containsEntry("group.id", "shipping");
            assertThat((String) own.get("client.id")).matches("orderflow-shipping-\\d+");
        });
        assertThat(proxy.assignment()).isEqualTo(Set.of(P0, P1));
    }

    @Test
    void tellsItsOwnerWhatItReads() {
        assertThat(owner.topics).isEqualTo(List.of("orders"));
        assertThat(consumer.topics()).isEqualTo(List.of("orders"));
        assertThat(consumer.service()).isEqualTo("shipping");
        assertThat(deliveries.topics("shipping")).isEqualTo(Set.of("orders"));
        assertThat(deliveries.topics("inventory")).isEmpty();
    }

    @Test
    void aClientThatCannotBeMadeIsAPollThatFails() {
        cannotBeMade = new KafkaException("no such host");
        assertThatThrownBy(this::poll).isSameAs(cannotBeMade);
        cannotBeMade = null;

        assertThat(poll()).isEmpty();

        assertThat(made).hasSize(2);
    }

    @Test
    void isOneConsumerToWhoComparesIt() {
        assertThat(proxy.equals(proxy)).isTrue();
        assertThat(proxy.equals(consumer().asConsumer())).isFalse();
        assertThat(proxy.hashCode()).isEqualTo(System.identityHashCode(consumer));
        assertThat(proxy).hasToString("consumer of shipping");
        poll();
        assertThat(ReconnectingConsumer.ofThisThread()).containsSame(consumer);
    }

    @Test
    void marksEveryCommit() {
        poll();
        proxy.commitSync(Map.of(P0, new OffsetAndMetadata(12)));
        proxy.commitAsync(Map.of(P1, new OffsetAndMetadata(13)), null);

        assertThat(clients.get(0).commits)
                .containsExactly(
                        Map.of(P0, new OffsetAndMetadata(12, "orderflow")),
                        Map.of(P1, new OffsetAndMetadata(13, "orderflow")));
        assertThatThrownBy(proxy::commitSync)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A commit names its offsets, so that they carry our mark.");
    }

    @Test
    void givesOutWhatItPolled() {
        poll();
        script(() -> records(P0, 10, 11));

        assertThat(poll().count()).isEqualTo(2);
    }

    @Test
    void aWakeUpIsAStopOnlyWhenItsOwnerStops() {
        poll();
        script(() -> {
            throw new WakeupException();
        });
        assertThatThrownBy(this::poll)
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(WakeupException.class)
                .hasMessage("woken up, and nobody wants it to stop");

        owner.stopping = true;
        script(() -> {
            throw new WakeupException();
        });
        assertThatThrownBy(this::poll).isInstanceOf(WakeupException.class);
    }

    @Test
    void aGroupThatIsNewBeginsWithTheOldest() {
        poll();
        clients.get(0).seek(P0, 50);
        script(() -> {
            throw new NoOffsetForPartitionException(P0);
        });

        assertThat(poll()).isEmpty();

        assertThat(clients.get(0).position(P0)).isEqualTo(10);
        assertThat(database.changes).isEmpty();
    }

    @Test
    void aGroupThatWasForgottenBeginsWithTheOldestAndNotesWhatItCannotFind() {
        for (var stood :
                List.of(List.of(5L, "gone"), List.of(10L, ""), List.of(100L, ""), List.of(101L, "went-back"))) {
            database.changes.clear();
            tables.put("delivery.marked WHERE", List.of(List.of("orders", 0, stood.get(0))));
            poll();
            script(() -> {
                throw new NoOffsetForPartitionException(P0);
            });

            poll();

            assertThat(gaps())
                    .isEqualTo(
                            stood.get(1).equals("")
                                    ? List.of()
                                    : List.of("orders-0 %s to 10 %s".formatted(stood.get(0), stood.get(1))));
            assertThat(database.changes).anyMatch(change -> change.sql().contains("over_at = now()"));
        }
    }

    @Test
    void goesOnInRangeAndNotesWhatItPassed() {
        poll();
        script(() -> {
            throw new OffsetOutOfRangeException(Map.of(P0, 7L));
        });
        assertThat(poll()).isEmpty();

        assertThat(gaps()).containsExactly("orders-0 7 to 10 gone");
        assertThat(database.changes).noneMatch(change -> change.sql().contains("over_at = now()"));
        assertThat(clients.get(0).position(P0)).isEqualTo(10);

        clients.get(0).seek(P0, 500);
        script(() -> {
            throw new OffsetOutOfRangeException(Map.of(P0, 500L));
        });
        poll();
        assertThat(gaps()).containsExactly("orders-0 7 to 10 gone", "orders-0 500 to 10 went-back");
        assertThat(database.changes).anyMatch(change -> change.sql().contains("over_at = now()"));
        assertThat(clients.get(0).position(P0)).isEqualTo(10);
    }

    @Test
    void holdsAPartitionWhoseRecordCannotBeReadAndReadsTheOthers() {
        poll();
        cannotRead(P0);

        assertThat(poll()).isEmpty();

        assertThat(proxy.paused()).isEqualTo(Set.of(P0));
        assertThat(told().state()).isEqualTo(DeliveryState.HELD);
        assertThat(told().cause()).startsWith("topic orders partition 0 is held at offset 10,");
        proxy.pause(Set.of(P1));
        proxy.resume(Set.of(P0, P1));
        assertThat(proxy.paused()).as("held whatever is resumed").isEqualTo(Set.of(P0));
    }

    @Test
    void aHeldPartitionThatIsHealedIsReadByANewClient() {
        poll();
        cannotRead(P0);
        poll();
        proxy.pause(Set.of(P1));
        consumer.heal(P0);
        poll();
        assertThat(clients).as("the service waits: not yet").hasSize(1);
        proxy.resume(Set.of(P1));

        poll();

        assertThat(clients).hasSize(2);
        assertThat(clients.get(0).closed()).isTrue();
        assertThat(proxy.paused()).isEmpty();
    }

    @Test
    void whatIsHealedAndNotHeldHereNeedsNoNewClient() {
        poll();
        consumer.heal(P0);

        poll();
        poll();

        assertThat(clients).hasSize(1);
    }

    @Test
    void passesARecordThatCannotBeReadWhenAnOperatorWantsIt() {
        tables.put("kind = 'skipped' AND over_at IS NULL", List.of(List.of("shipping", "orders", 0, 10L, 15L)));
        poll();
        cannotRead(P0);

        poll();

        assertThat(clients.get(0).position(P0)).isEqualTo(15);
        assertThat(proxy.paused()).isEmpty();
    }

    @Test
    void leavesOutWhatAnOperatorWantsPassed() {
        tables.put("kind = 'skipped' AND over_at IS NULL", List.of(List.of("shipping", "orders", 0, 11L, 13L)));
        poll();
        script(() -> records(P0, 10, 11, 12, 13));

        assertThat(poll())
                .extracting(one -> ((ConsumerRecord<?, ?>) one).offset())
                .isEqualTo(List.of(10L, 13L));

        script(() -> records(P0, 11, 12));
        assertThat(poll().partitions()).isEmpty();
    }

    @Test
    void anyOtherFailureIsThePollsOwn() {
        poll();
        script(() -> {
            throw new TimeoutException("no broker");
        });

        assertThatThrownBy(this::poll).isInstanceOf(TimeoutException.class).hasMessage("no broker");
    }

    @Test
    void standsStillOutsideOfItsGroupAsLongAsAnOperatorWantsIt() {
        poll();
        cannotRead(P0);
        poll();
        tables.put("delivery.paused", List.of(List.of("shipping")));
        deliveries.directives(database.dataSource()).read();
        owner.stopping = true;

        assertThat(poll()).isEmpty();

        var since = told().since();
        assertThat(told().state()).isEqualTo(DeliveryState.PAUSED);
        assertThat(told().cause()).doesNotContain("held").endsWith("orderflow resume shipping");
        assertThat(clients.get(0).closed()).isTrue();
        poll();
        assertThat(told().since()).isEqualTo(since);
        assertThat(clients).hasSize(1);

        tables.remove("delivery.paused");
        deliveries.directives(database.dataSource()).read();
        poll();
        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
        assertThat(clients).hasSize(2);
    }

    @Test
    void leavesItsGroupAfterAFailureAndBeginsFromItsCommits() {
        poll();

        consumer.recover(new TimeoutException("no broker"));

        assertThat(clients.get(0).closed()).isTrue();
        assertThat(told().state()).isEqualTo(DeliveryState.WAITING);
        assertThat(told().cause()).isEqualTo("poll of orders failed with TimeoutException: no broker");
        poll();
        assertThat(clients).hasSize(2);
        assertThat(clients.get(1).assignment()).isEqualTo(Set.of(P0, P1));
        proxy.close();
        assertThat(told().state()).as("another client may read").isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void recoversFromNothingWhileItStops() {
        poll();
        owner.stopping = true;

        consumer.recover(new TimeoutException("no broker"));

        assertThat(clients.get(0).closed()).isFalse();
        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void isGoneWhenItIsClosed() {
        poll();
        consumer.recover(new TimeoutException("no broker"));
        poll();
        owner.stopping = true;

        proxy.close();

        assertThat(clients.get(1).closed()).isTrue();
        assertThat(deliveries.consumers()).doesNotContain(consumer);
        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void wakesItsClientUp() {
        poll();
        proxy.wakeup();

        assertThatThrownBy(() -> clients.get(0).pollAsKafkaDoes()).isInstanceOf(WakeupException.class);
    }

    @Test
    void itsLoopHasEndedWhenNobodyPollsThoughHeShould() {
        owner.polls = false;
        assertThat(consumer.ended()).as("it has not begun").isEmpty();
        poll();
        assertThat(consumer.ended()).contains("route of shipping");

        owner.stopping = true;
        assertThat(consumer.ended()).isEmpty();
        owner.stopping = false;
        owner.suspended = true;
        assertThat(consumer.ended()).isEmpty();
        owner.suspended = false;
        owner.polls = true;
        assertThat(consumer.ended()).isEmpty();
    }

    @Test
    void givesItsClientUpForWhoStartsItAgain() {
        poll();

        consumer.abandon();

        assertThat(clients.get(0).closed()).isTrue();
    }

    @Test
    void notesACommitOfSomebodyElse() {
        tables.put("delivery.marked WHERE", List.of(List.of("orders", 0, 20L), List.of("orders", 1, 20L)));
        stands.put(P0, new OffsetAndMetadata(50));
        stands.put(P1, new OffsetAndMetadata(50, "orderflow"));

        poll();
        poll();

        assertThat(gaps()).containsExactly("orders-0 20 to 50 foreign-commit");
    }

    @Test
    void doesNotWonderAboutACommitWhereItStood() {
        tables.put("delivery.marked WHERE", List.of(List.of("orders", 0, 50L)));
        stands.put(P0, new OffsetAndMetadata(50));
        stands.put(P1, new OffsetAndMetadata(50));

        poll();

        assertThat(gaps()).isEmpty();
    }

    @Test
    void commitsPastWhatItIsNeverGiven() {
        stands.put(P0, new OffsetAndMetadata(9, "orderflow"));
        stands.put(P1, new OffsetAndMetadata(10, "orderflow"));

        poll();
        poll();

        assertThat(clients.get(0).commits).containsExactly(Map.of(P0, new OffsetAndMetadata(10, "orderflow")));
    }

    @Test
    void commitsNothingPastARecordThatIsOnItsWay() {
        stands.put(P0, new OffsetAndMetadata(9, "orderflow"));
        cannotBeMade = new KafkaException("no such host");
        assertThatThrownBy(this::poll).isSameAs(cannotBeMade);
        cannotBeMade = null;
        first = () -> records(P0, 9);

        poll();
        poll();

        assertThat(clients.get(0).commits).isEmpty();
    }

    @Test
    void aSuspendedRoutePollsNoMoreUntilItIsResumedOrWokenUp() {
        poll();
        owner.suspended = true;
        owner.looks = 5;

        consumer.recover(new TimeoutException("no broker"));

        assertThat(owner.looks).as("it waited until it was no more").isZero();
        assertThat(owner.suspended).isFalse();
    }

    @Test
    void aWakeUpEndsARest() {
        poll();
        owner.suspended = true;
        owner.onLook = () -> proxy.wakeup();

        consumer.recover(new TimeoutException("no broker"));

        assertThat(owner.suspended).isTrue();
    }

    @Test
    void restsForAsLongAsItSays() {
        poll();
        consumer.recover(new TimeoutException("no broker"));
        long start = System.nanoTime();

        consumer.recover(new TimeoutException("no broker"));

        assertThat(System.nanoTime() - start).isBetween(2_000_000L, 2_000_000_000L);
    }

    /** A new consumer has its partitions for long enough before a trouble is over; this one has none left. */
    @Test
    void aTroubleIsNotOverWithTheFirstPollThatGoesWell() {
        poll();
        consumer.recover(new TimeoutException("no broker"));

        poll();

        assertThat(told().state()).isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void itsListenerHearsOfEachAssignment() {
        var heard = new ArrayList<Collection<TopicPartition>>();
        proxy.subscribe(List.of("orders"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // nothing to do
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                heard.add(partitions);
            }
        });

        poll();

        assertThat(heard).singleElement().satisfies(all -> assertThat(all).containsExactlyInAnyOrder(P0, P1));
    }

    /** After a failed batch Camel makes a new one in the same thread; a trouble that was told is the same one. */
    @Test
    void theNextConsumerOfAThreadTakesItsTroubleOver() {
        poll();
        consumer.recover(new TimeoutException("no broker"));
        var next = consumer();
        next.asConsumer().subscribe(List.of("orders"), NOTHING);

        next.asConsumer().poll(Duration.ZERO);
        owner.stopping = true;
        next.asConsumer().close();

        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
    }

    private ConsumerRecords<?, ?> poll() {
        return proxy.poll(Duration.ofMillis(5));
    }

    private void script(Supplier<ConsumerRecords<String, byte[]>> poll) {
        clients.get(clients.size() - 1).script.add(poll);
    }

    private void cannotRead(TopicPartition partition) {
        script(() -> {
            throw new RecordDeserializationException(
                    RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                    partition,
                    10,
                    0,
                    TimestampType.CREATE_TIME,
                    null,
                    null,
                    null,
                    "it is damaged",
                    null);
        });
    }

    private static ConsumerRecords<String, byte[]> records(TopicPartition partition, long... offsets) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        for (long offset : offsets) {
            records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "", new byte[0]));
        }
        return new ConsumerRecords<>(new LinkedHashMap<>(Map.of(partition, records)), Map.of());
    }

    private List<String> gaps() {
        return database.changes.stream()
                .filter(change -> change.sql().contains("INSERT INTO delivery.gap"))
                .map(MemoryDatabase.Asked::parameters)
                .map(gap -> "%s-%s %s to %s %s".formatted(gap.get(1), gap.get(2), gap.get(3), gap.get(4), gap.get(5)))
                .toList();
    }

    private DeliveryState told() {
        return deliveries.states().get(0);
    }
}
