package dev.orderflow.kafka;

import dev.orderflow.telemetry.Causes;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Finds the partition whose next record made a poll fail: a batch whose checksum is wrong, that does not decompress, or
 * that the brokers cannot read. Kafka's client has a type for a record that does not deserialise, and only a sentence
 * with the partition's name for the others. Being wrong is no loss: the partition is tried again.
 */
public final class UnreadableRecord {

    private static final int CAUSES_MAX = 20;

    private UnreadableRecord() {}

    /** Empty for a failure that is the whole consumer's. */
    public static Optional<TopicPartition> of(RuntimeException failure, Collection<TopicPartition> assigned) {
        if (failure instanceof RecordDeserializationException one) {
            return Optional.of(one.topicPartition());
        }
        if (failure instanceof AuthorizationException
                || failure instanceof AuthenticationException
                || failure instanceof TimeoutException) {
            return Optional.empty();
        }
        return assigned.stream().filter(partition -> names(failure, partition)).findFirst();
    }

    /** What is wrong with the record, in one line. */
    public static String sentence(RuntimeException failure) {
        return Causes.sentence(failure);
    }

    private static boolean names(Throwable failure, TopicPartition partition) {
        // Between what no topic's name can have, so that orders-1 is not found in orders-11 or old-orders-1.
        var name = Pattern.compile("(?<![\\w.-])" + Pattern.quote(partition.toString()) + "(?![\\w-]|\\.\\w)");
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            if (cause.getMessage() != null && name.matcher(cause.getMessage()).find()) {
                return true;
            }
        }
        return false;
    }
}
