package dev.orderflow.testing;

import dev.orderflow.settings.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A broker that lets in who knows a password (SCRAM-SHA-512) and speaks TLS, with a certificate made for the day. */
public final class SecureBroker implements AutoCloseable {

    public static final String STORE_PASSWORD = "st0re-secret";
    private static final String HOST = "127.0.0.1";

    private final KafkaRaftServer server;
    private final int port;
    private final int inner;
    private final Path trust;

    /** Knows one user, who may do everything; keeps log and certificates in {@code folder}. */
    public SecureBroker(Path folder, String user, String password) throws Exception {
        this(folder, List.of(user), password, Map.of());
    }

    /** Knows these users, who may do what they are granted; whoever comes by the inner way grants it. */
    public static SecureBroker withGrants(Path folder, List<String> users, String password) throws Exception {
        return new SecureBroker(
                folder,
                users,
                password,
                Map.of(
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:ANONYMOUS",
                        // Who is logged in has to show that it still may, so that a changed password is noticed.
                        "connections.max.reauth.ms",
                        "2000"));
    }

    private SecureBroker(Path folder, List<String> users, String password, Map<String, Object> more) throws Exception {
        port = Ports.free();
        inner = Ports.free();
        trust = folder.resolve("trust.p12").toAbsolutePath();
        var key = folder.resolve("key.p12").toAbsolutePath();
        Files.createDirectories(folder);
        certificates(key, trust);
        var settings = settings(folder.resolve("log"), key);
        settings.putAll(more);
        format(
                folder.resolve("log"),
                users.stream()
                        .map(user -> "SCRAM-SHA-512=[name=%s,password=%s]".formatted(user, password))
                        .toList());
        server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
    }

    /** The address for clients that log in. */
    public String address() {
        return HOST + ":" + port;
    }

    /** The brokers' own way in, without a password. */
    public String innerAddress() {
        return HOST + ":" + inner;
    }

    /** The certificates to check this broker by, PKCS12. */
    public Path trust() {
        return trust;
    }

    /** The same as PEM, as Strimzi keeps them. */
    public Path certificate() {
        return trust.resolveSibling("broker.crt");
    }

    private Map<String, Object> settings(Path log, Path key) {
        int controller = Ports.free();
        var s = new HashMap<String, Object>();
        s.put("process.roles", "broker,controller");
        s.put("node.id", "1");
        s.put(
                "listeners",
                "SECURE://%s:%d,INNER://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, inner, HOST, controller));
        s.put("advertised.listeners", "SECURE://%s:%d,INNER://%s:%d".formatted(HOST, port, HOST, inner));
        s.put("listener.security.protocol.map", "SECURE:SASL_SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        s.put("controller.listener.names", "CONTROLLER");
        s.put("inter.broker.listener.name", "INNER");
        s.put("controller.quorum.voters", "1@%s:%d".formatted(HOST, controller));
        s.put("log.dirs", log.toString());
        s.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        s.put(
                "listener.name.secure.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        s.put("ssl.keystore.location", key.toString());
        s.put("ssl.keystore.password", STORE_PASSWORD);
        s.put("ssl.keystore.type", "PKCS12");
        s.put("auto.create.topics.enable", "false");
        s.put("default.replication.factor", "1");
        s.put("min.insync.replicas", "1");
        s.put("offsets.topic.replication.factor", "1");
        s.put("offsets.topic.num.partitions", "1");
        s.put("transaction.state.log.replication.factor", "1");
        s.put("transaction.state.log.min.isr", "1");
        s.put("group.initial.rebalance.delay.ms", "0");
        s.put("log.cleaner.dedupe.buffer.size", "2097152");
        return s;
    }

    private static void format(Path log, List<String> users) throws Exception {
        var formatter = new Formatter();
        formatter.setNodeId(1);
        formatter.setClusterId(Uuid.randomUuid().toString());
        formatter.setControllerListenerName("CONTROLLER");
        formatter.setDirectories(List.of(log.toString()));
        formatter.setMetadataLogDirectory(log.toString());
        formatter.setScramArguments(users);
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.run();
    }

    private static void certificates(Path key, Path trust) throws IOException, InterruptedException {
        var certificate = key.resolveSibling("broker.crt");
        keytool(
                "-genkeypair -alias broker -keyalg EC -dname CN=broker -validity 2 -ext san=ip:%s -keystore"
                        .formatted(HOST),
                key);
        keytool("-exportcert -rfc -alias broker -file", certificate, "-keystore", key);
        keytool("-importcert -noprompt -alias broker -file", certificate, "-keystore", trust);
    }

    private static void keytool(Object... words) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        for (Object word : words) {
            command.addAll(word instanceof Path ? List.of(word.toString()) : List.of(((String) word).split(" ")));
        }
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
