package dev.orderflow.delivery;

import dev.orderflow.kafka.KafkaHeaders;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.StaleMemberEpochException;

/** What this package uses of Camel's and Kafka's consumers that is not their API, each with what would end the need. */
final class ConsumerInternals {

    private static final String POLL_LOOP = "org.apache.camel.component.kafka.KafkaFetchRecords";

    /** Where a record stands. */
    interface Place {
        void at(TopicPartition partition, long offset);
    }

    private ConsumerInternals() {}

    /**
     * Reads the place of each record of a batch. CAMEL-23994 mended what batching commits by itself; that a batch's own
     * manual commit covers its last record's partition only has no issue yet. Where it covers all of them in one request,
     * nobody needs the consumer and the places behind it.
     *
     * @return the consumer that polled the batch
     */
    static Consumer<?, ?> read(List<Exchange> batch, Place place) {
        Consumer<?, ?> consumer = null;
        for (Exchange kafkaRecord : batch) {
            var commit = kafkaRecord.getMessage().getHeader(KafkaHeaders.MANUAL_COMMIT, DefaultKafkaManualCommit.class);
            consumer = commit.getCamelExchangePayload().consumer;
            place.at(commit.getPartition(), commit.getRecordOffset());
        }
        return consumer;
    }

    /**
     * Whether Camel's poll loop is on this thread: an error ends the loop, and not the thread of its pool. No issue yet;
     * where Camel restarts the loop, or tells of its end, {@link EndedLoops} can go too.
     */
    static boolean polls(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(POLL_LOOP));
    }

    /**
     * A stale epoch passes: in the group protocol {@code consumer} the brokers may have moved the member on, with what it
     * owns, before its commit came to them (KIP-848). Since KAFKA-15456 the client repeats a synchronous commit for it, and
     * leaves an asynchronous one to its caller; that it should not has no issue yet.
     */
    static boolean isStaleEpoch(Exception failure) {
        return failure instanceof StaleMemberEpochException;
    }
}
