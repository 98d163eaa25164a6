package dev.orderflow.kafka;

import org.apache.camel.component.kafka.KafkaConstants;

/**
 * What Camel's Kafka component calls the headers of a message. Read from the component that runs, and not from the one
 * that we were compiled with: a compiler copies constants, and Camel K's runtime has other names for most of them.
 */
public final class KafkaHeaders {

    public static final String KEY = name("KEY");
    public static final String TOPIC = name("TOPIC");
    public static final String PARTITION = name("PARTITION");
    public static final String OFFSET = name("OFFSET");
    public static final String TIMESTAMP = name("TIMESTAMP");
    public static final String HEADERS = name("HEADERS");
    public static final String MANUAL_COMMIT = name("MANUAL_COMMIT");

    private KafkaHeaders() {}

    private static String name(String constant) {
        try {
            return (String) KafkaConstants.class.getField(constant).get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "KafkaConstants has no '%s', which names a header that we read or set. Take a camel-kafka from 4.17 on."
                            .formatted(constant),
                    e);
        }
    }
}
