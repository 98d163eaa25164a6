package dev.orderflow.kafka;

import dev.orderflow.credentials.KafkaCredentials;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** How every client of this process reaches the brokers: addresses, and security where it is set. */
public final class KafkaClients {

    /** Our setting to the option of Camel's Kafka component; without its prefix, the setting is Kafka's own name. */
    private static final Map<String, String> SECURITY = Map.of(
            "kafka.security.protocol", "securityProtocol",
            "kafka.sasl.mechanism", "saslMechanism",
            "kafka.sasl.jaas.config", "saslJaasConfig",
            "kafka.ssl.truststore.location", "sslTruststoreLocation",
            "kafka.ssl.truststore.password", "sslTruststorePassword",
            "kafka.ssl.truststore.type", "sslTruststoreType",
            "kafka.ssl.keystore.location", "sslKeystoreLocation",
            "kafka.ssl.keystore.password", "sslKeystorePassword",
            "kafka.ssl.keystore.type", "sslKeystoreType",
            "kafka.ssl.key.password", "sslKeyPassword");

    private static final int REQUEST_MS = 5_000;
    private static final int ANSWER_MS = 10_000;

    private KafkaClients() {}

    /** For a client that is made by hand, such as an Admin: Kafka's names. */
    public static Map<String, Object> properties(Settings settings) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("bootstrap.servers", settings.text("kafka.brokers"));
        for (String key : SECURITY.keySet()) {
            if (settings.isSet(key)) {
                properties.put(key.substring("kafka.".length()), settings.text(key));
            }
        }
        KafkaCredentials.renewIn(properties);
        return properties;
    }

    /** For whoever somebody waits for: such a client says within seconds that no broker answers, and not after a minute. */
    public static Map<String, Object> impatient(Map<String, Object> kafka) {
        var properties = new LinkedHashMap<>(kafka);
        properties.put("request.timeout.ms", REQUEST_MS);
        properties.put("default.api.timeout.ms", ANSWER_MS);
        return properties;
    }

    /**
     * The first client of a start.
     *
     * @throws CannotStart when what the settings say of security is not enough to make one
     */
    public static Admin admin(Settings settings) {
        try {
            return Admin.create(properties(settings));
        } catch (KafkaException e) {
            throw new CannotStart(
                    "No Kafka client can be made: %s. Look at the settings kafka.brokers, kafka.sasl and kafka.ssl."
                            .formatted(why(e)),
                    e);
        }
    }

    /** Kafka's innermost sentence names the file, and the one behind it what is wrong with it. */
    private static String why(KafkaException failure) {
        Throwable innermost = failure;
        while (innermost.getCause() instanceof KafkaException deeper) {
            innermost = deeper;
        }
        Throwable cause = innermost.getCause();
        return cause == null || cause.getMessage() == null
                ? innermost.getMessage()
                : innermost.getMessage() + ": " + cause.getMessage();
    }

    /** The same security for Camel's Kafka component; unset settings leave its defaults alone. */
    public static Properties camel(Settings settings) {
        var properties = new Properties();
        SECURITY.forEach((key, option) -> {
            if (settings.isSet(key)) {
                properties.setProperty("camel.component.kafka." + option, settings.text(key));
            }
        });
        return properties;
    }
}
