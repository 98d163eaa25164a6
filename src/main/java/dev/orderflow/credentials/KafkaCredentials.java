package dev.orderflow.credentials;

import java.util.Map;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** Has a Kafka client read its password and its certificates again with each new connection, where they are files. */
public final class KafkaCredentials {

    private KafkaCredentials() {}

    /** @param client what a client is made with, by Kafka's names; what it needs more is added */
    public static void renewIn(Map<? super String, Object> client) {
        if (KafkaPassword.isFor(client.get(SaslConfigs.SASL_JAAS_CONFIG))) {
            client.put(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, KafkaPassword.class.getName());
        }
        if (isSet(client.get(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG))
                || isSet(client.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG))) {
            client.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, RenewedCertificates.class.getName());
        }
    }

    private static boolean isSet(Object location) {
        return location != null && !location.toString().isBlank();
    }
}
