package dev.orderflow.operations;

import dev.orderflow.http.Call;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a rewind goes: to a time in all partitions, to an offset of one, or, where neither is given, to the beginning.
 */
record RewindTarget(Optional<Instant> time, Optional<TopicPartition> partition, long offset) {

    static final String BEGINNING = "beginning";
    private static final Pattern PLACE = Pattern.compile("(.{1,249}-\\d{1,9})@(\\d{1,18})");
    private static final int NO_OFFSET = -1;

    /** Reads the member {@code to} of a call; empty where it says nothing of the kind. */
    static Optional<RewindTarget> of(String to) {
        if (to.equals(BEGINNING)) {
            return Optional.of(new RewindTarget(Optional.empty(), Optional.empty(), NO_OFFSET));
        }
        Matcher place = PLACE.matcher(to);
        if (place.matches()) {
            return OperationCommand.partition(place.group(1))
                    .map(at -> new RewindTarget(Optional.empty(), Optional.of(at), Long.parseLong(place.group(2))));
        }
        try {
            Instant time = Call.time(to);
            // Kafka's own words stand where times before 1970 would be.
            return time.isBefore(Instant.EPOCH)
                    ? Optional.empty()
                    : Optional.of(new RewindTarget(Optional.of(time), Optional.empty(), NO_OFFSET));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
