package dev.orderflow.credentials;

import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's own certificates for a client, read again when their files changed: Kafka itself does that in a broker only.
 * Files that cannot be read change nothing, since they may be half written.
 */
public final class RenewedCertificates implements SslEngineFactory {

    private static final Logger LOG = LoggerFactory.getLogger(RenewedCertificates.class);

    private final Map<String, Object> configs = new HashMap<>();
    private DefaultSslEngineFactory current = new DefaultSslEngineFactory();
    private boolean told;

    @Override
    public void configure(Map<String, ?> given) {
        configs.putAll(given);
        current.configure(configs);
    }

    @Override
    public synchronized SSLEngine createClientSslEngine(String host, int port, String identification) {
        if (current.shouldBeRebuilt(configs)) {
            renew();
        }
        return current.createClientSslEngine(host, port, identification);
    }

    private void renew() {
        var fresh = new DefaultSslEngineFactory();
        try {
            fresh.configure(configs);
        } catch (KafkaException e) {
            if (!told) {
                LOG.warn("the new certificate files for Kafka cannot be used, the old ones stay: {}", e.getMessage());
            }
            told = true;
            return;
        }
        LOG.info("the certificate files for Kafka were read again");
        told = false;
        current.close();
        current = fresh;
    }

    @Override
    public SSLEngine createServerSslEngine(String host, int port) {
        throw new UnsupportedOperationException("this is for clients");
    }

    /** A client is never asked; what changed is seen with the next connection. */
    @Override
    public boolean shouldBeRebuilt(Map<String, Object> next) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return current.reconfigurableConfigs();
    }

    @Override
    public synchronized KeyStore keystore() {
        return current.keystore();
    }

    @Override
    public synchronized KeyStore truststore() {
        return current.truststore();
    }

    @Override
    public synchronized void close() {
        current.close();
    }
}
