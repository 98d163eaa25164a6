package dev.orderflow.delivery;

import dev.orderflow.telemetry.Causes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps one consumer from polling: told once when it begins and once when it is over, however often it is tried. */
final class PollTrouble {

    private static final Logger LOG = LoggerFactory.getLogger(PollTrouble.class);

    /** A refused fetch is known after one round trip; a consumer that had its partitions for so long without one reads. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long IN_A_ROW_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String service;
    private final Deliveries deliveries;
    private final long retryDelayMs;
    private final long retryDelayMsMax;
    private final LongSupplier clock;
    private final Object key = new Object();
    private Instant since;
    private long pause;
    private long quietSince;
    private long batchPause;
    private long batchFailed;

    PollTrouble(String service, Deliveries deliveries, long retryDelayMs, long retryDelayMsMax) {
        this(service, deliveries, retryDelayMs, retryDelayMsMax, System::nanoTime);
    }

    /** @param clock in nanoseconds, as {@link System#nanoTime} */
    PollTrouble(String service, Deliveries deliveries, long retryDelayMs, long retryDelayMsMax, LongSupplier clock) {
        this.clock = clock;
        this.service = service;
        this.deliveries = deliveries;
        this.retryDelayMs = retryDelayMs;
        this.retryDelayMsMax = retryDelayMsMax;
    }

    boolean isOn() {
        return since != null;
    }

    /** @return how long to rest, in milliseconds */
    long began(Exception failure, List<String> topics) {
        String sentence = sentence(failure, topics);
        if (since == null) {
            since = Instant.now();
            pause = retryDelayMs;
            LOG.warn("{}: reads nothing and tries again from its committed offsets: {}", service, sentence);
            LOG.debug("{}: the failure behind it", service, failure);
        } else {
            pause = Math.min(pause * 2, retryDelayMsMax);
        }
        quietSince = 0;
        deliveries.began(service, key, DeliveryState.WAITING, since, sentence);
        return pause;
    }

    /** A batch that fails in a row comes again more slowly each time. @return how long to rest, in milliseconds */
    long batchFailed() {
        long now = clock.getAsLong();
        batchPause = now - batchFailed > IN_A_ROW_NANOS || batchPause == 0
                ? retryDelayMs
                : Math.min(batchPause * 2, retryDelayMsMax);
        batchFailed = now;
        return batchPause;
    }

    /** A poll went well. */
    void polled(boolean assigned) {
        long now = clock.getAsLong();
        if (!assigned) {
            quietSince = 0;
        } else if (quietSince == 0) {
            quietSince = now;
        } else if (now - quietSince > QUIET_NANOS) {
            LOG.info("{}: reads again after {} s", service, seconds(since));
            end();
        }
    }

    /** @param stopping whether nobody is to read for the service any more, and not only with this client */
    void closed(boolean stopping) {
        if (stopping) {
            end();
        }
    }

    private void end() {
        since = null;
        deliveries.over(service, key);
    }

    static long seconds(Instant since) {
        return Duration.between(since, Instant.now()).toSeconds();
    }

    /** Who may not do what, or what else it is. */
    private String sentence(Exception failure, List<String> topics) {
        if (failure instanceof TopicAuthorizationException refused) {
            return "its user may not read topic %s: grant it Read and Describe there"
                    .formatted(
                            refused.unauthorizedTopics().isEmpty()
                                    ? String.join(", ", topics)
                                    : String.join(", ", refused.unauthorizedTopics()));
        }
        if (failure instanceof GroupAuthorizationException) {
            return "its user may not use consumer group %s: grant it Read there".formatted(service);
        }
        if (failure instanceof AuthenticationException) {
            return "the brokers do not let it in: %s. Look at kafka.security.protocol, kafka.sasl and kafka.ssl, and at what the brokers know of its user"
                    .formatted(Causes.sentence(failure).replaceAll("\\.$", ""));
        }
        return "poll of %s failed with %s: %s"
                .formatted(String.join(", ", topics), failure.getClass().getSimpleName(), Causes.sentence(failure));
    }
}
