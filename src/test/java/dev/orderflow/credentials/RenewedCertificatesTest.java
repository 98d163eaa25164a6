package dev.orderflow.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewedCertificatesTest {

    private static final String PASSWORD = "st0re-secret";

    @TempDir
    Path folder;

    private final RenewedCertificates certificates = new RenewedCertificates();
    private Path file;
    private int written;

    @BeforeEach
    void configure() throws Exception {
        file = folder.resolve("trust.p12");
        write(store("first"));
        certificates.configure(Map.of(
                SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
                file.toString(),
                SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG,
                new Password(PASSWORD),
                SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG,
                "PKCS12",
                SslConfigs.SSL_PROTOCOL_CONFIG,
                "TLSv1.3",
                SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG,
                List.of("TLSv1.3"),
                SslConfigs.SSL_CIPHER_SUITES_CONFIG,
                List.of(),
                SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG,
                TrustManagerFactory.getDefaultAlgorithm()));
    }

    @AfterEach
    void close() {
        certificates.close();
    }

    @Test
    void trustsWhatTheFileHoldsAtTheNextConnection() throws Exception {
        connect();
        assertThat(certificates.truststore().containsAlias("first")).isTrue();

        write(store("second"));
        connect();

        assertThat(certificates.truststore().containsAlias("second")).isTrue();
        assertThat(certificates.truststore().containsAlias("first")).isFalse();
    }

    @Test
    void keepsTheOldOnesWhileTheFileIsHalfWritten() throws Exception {
        write(new byte[] {1, 2, 3});
        connect();
        assertThat(certificates.truststore().containsAlias("first")).isTrue();

        write(store("third"));
        connect();

        assertThat(certificates.truststore().containsAlias("third")).isTrue();
    }

    @Test
    void readsAPasswordWithoutItsLineEndAndTellsWhatIsWrong() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "pass word\n");

        assertThat(PasswordFile.read("file:" + secret)).isEqualTo("pass word");
        assertThat(PasswordFile.read("said itself")).isEqualTo("said itself");
        assertThatThrownBy(() -> PasswordFile.read("file:" + folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none cannot be read: NoSuchFile");
        Files.writeString(secret, "\n");
        assertThatThrownBy(() -> PasswordFile.read("file:" + secret)).hasMessageContaining("is empty");
    }

    @Test
    void isGivenToAClientWhereThereIsAFileOnly() {
        Map<String, Object> plain = new HashMap<>(Map.of(
                "sasl.jaas.config", "PlainLoginModule required password=\"itself\";", "ssl.truststore.location", ""));
        Map<String, Object> files = new HashMap<>(Map.of(
                "sasl.jaas.config", "PlainLoginModule required password=\"file:/x\";", "ssl.keystore.location", "/y"));

        KafkaCredentials.renewIn(plain);
        KafkaCredentials.renewIn(files);

        assertThat(plain).hasSize(2);
        assertThat(files)
                .containsEntry("sasl.client.callback.handler.class", KafkaPassword.class.getName())
                .containsEntry("ssl.engine.factory.class", RenewedCertificates.class.getName());
    }

    private void connect() {
        certificates.createClientSslEngine("127.0.0.1", 9092, "");
    }

    /** Files are told apart by their time, so each has its own. */
    private void write(byte[] content) throws IOException {
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(++written)));
    }

    private byte[] store(String alias) throws Exception {
        Path store = folder.resolve(alias);
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + alias,
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(alias, keys.getCertificate(alias));
        try (OutputStream out = Files.newOutputStream(store)) {
            trust.store(out, PASSWORD.toCharArray());
        }
        return Files.readAllBytes(store);
    }
}
