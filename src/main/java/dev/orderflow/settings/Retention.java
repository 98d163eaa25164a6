package dev.orderflow.settings;

import java.util.Optional;

/**
 * What is kept of records must be kept as long as the records are. Hours; a negative number is forever.
 *
 * @param key the setting of what is kept
 * @param topicKey the setting of the topic
 * @param otherwise what could happen with less
 */
public record Retention(String key, String topicKey, String otherwise) {

    public static final Retention RECEIPTS = new Retention(
            "delivery.receipts.retentionHours",
            "orders.retentionHours",
            "a record could outlive its receipt and act twice");

    public static final Retention DEAD_LETTERS = new Retention(
            "redrive.keptHours", "orders-dlt.retentionHours", "a dead letter that is home could be read as a new one");

    /** A sentence when it is kept for a shorter time. */
    public Optional<String> fault(int hours, int topicHours) {
        return hours < 0 || topicHours >= 0 && hours >= topicHours
                ? Optional.empty()
                : Optional.of(
                        "Setting '%s' is %d, but must not be shorter than %s, which is %d: %s. Set %s; -1 is forever."
                                .formatted(key, hours, topicKey, topicHours, otherwise, Settings.variable(key)));
    }
}
