package dev.orderflow.kafka;

import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * The setting {@code kafka.group.protocol}, and whether the brokers have what it names. A consumer that asks brokers for
 * a protocol that they lack gets an error at each poll and no partition; so it is looked at before any consumer is made,
 * and in health.
 */
public final class GroupProtocol {

    /** The consumers of a group agree among themselves. */
    public static final String CLASSIC = "classic";

    /** Of the cluster, and not of a broker: 1 and above has the protocol {@code consumer}. Kafka 3.9 and older do not know it. */
    private static final String FEATURE = "group.version";

    private GroupProtocol() {}

    /** The protocol of every group of this process. */
    public static String of(Settings settings) {
        return settings.choice("kafka.group.protocol");
    }

    /** A sentence, when the brokers do not have the protocol; an exception means that they did not answer. */
    public static Optional<String> trouble(Settings settings, Admin admin)
            throws ExecutionException, InterruptedException {
        if (of(settings).equals(CLASSIC)) {
            return Optional.empty();
        }
        var level = admin.describeFeatures()
                .featureMetadata()
                .get()
                .finalizedFeatures()
                .get(FEATURE);
        return level != null && level.maxVersionLevel() > 0
                ? Optional.empty()
                : Optional.of(
                        "kafka.group.protocol is consumer, but the brokers do not have that protocol: their feature %s is %s, and was to be 1 or above. Set %s=classic, or update the brokers to 4.0 or newer and then their features: kafka-features.sh upgrade --release-version 4.0"
                                .formatted(
                                        FEATURE,
                                        level == null ? "not set" : Integer.toString(level.maxVersionLevel()),
                                        Settings.variable("kafka.group.protocol")));
    }

    /**
     * Returns when the brokers have the protocol.
     *
     * @throws IllegalStateException with a sentence, when they do not, or do not answer
     */
    public static void ensure(Settings settings, Admin admin) {
        try {
            trouble(settings, admin).ifPresent(sentence -> {
                throw new IllegalStateException(sentence + ".");
            });
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the brokers do not say which group protocols they have: %s. Look at kafka.brokers."
                            .formatted(Causes.ofClient(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the brokers were not asked: this thread was interrupted.", e);
        }
    }
}
