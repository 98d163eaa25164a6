package dev.orderflow.local;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Ports;
import dev.orderflow.telemetry.Causes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Kafka node, broker and controller in one, inside this JVM. Its log outlives the process. */
final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final String NODE = "1";
    private static final String HOST = "127.0.0.1";

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    static EmbeddedKafka start(Path folder, int port) {
        try {
            var settings = settings(folder, port, Ports.free());
            if (Files.exists(folder)) {
                check(folder);
            } else {
                format(folder, settings);
            }
            Exit.setHaltProcedure((status, message) -> {
                // A broker that gave up would leave a process that takes no order and does not end.
                LOG.error(
                        "broker: gave up and ends this process: {}. {}",
                        message == null ? "the lines above say why" : message,
                        Remedy.of(folder, String.valueOf(message)));
                Runtime.getRuntime().halt(1);
            });
            var server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(server, port);
        } catch (CannotStart e) {
            throw e;
        } catch (Exception e) {
            // Kafka's outer sentence is often only where it failed.
            String why = Causes.whole(e);
            throw new CannotStart(
                    "The embedded broker did not start on its folder '%s': %s. %s"
                            .formatted(folder, why, Remedy.of(folder, why)),
                    e);
        }
    }

    String address() {
        return HOST + ":" + port;
    }

    private static Map<String, Object> settings(Path folder, int port, int controllerPort) {
        var s = new HashMap<String, Object>();
        s.put("process.roles", "broker,controller");
        s.put("node.id", NODE);
        s.put("listeners", "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, controllerPort));
        s.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(HOST, port));
        s.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        s.put("controller.listener.names", "CONTROLLER");
        s.put("inter.broker.listener.name", "PLAINTEXT");
        s.put("controller.quorum.voters", "%s@%s:%d".formatted(NODE, HOST, controllerPort));
        s.put("log.dirs", folder.toString());
        s.put("auto.create.topics.enable", "false");
        s.put("default.replication.factor", "1");
        s.put("min.insync.replicas", "1");
        s.put("offsets.topic.replication.factor", "1");
        s.put("offsets.topic.num.partitions", "3");
        s.put("transaction.state.log.replication.factor", "1");
        s.put("transaction.state.log.min.isr", "1");
        s.put("transaction.state.log.num.partitions", "1");
        // A machine may stand still for weeks; a group that lost its offsets would read everything again.
        s.put("offsets.retention.minutes", "525600");
        s.put("group.initial.rebalance.delay.ms", "0");
        // As long as a classic consumer's session here, and not the 45 s of Kafka: for kafka.group.protocol = consumer.
        s.put("group.consumer.session.timeout.ms", "10000");
        s.put("group.consumer.min.session.timeout.ms", "10000");
        s.put("group.consumer.heartbeat.interval.ms", "3000");
        s.put("group.consumer.min.heartbeat.interval.ms", "3000");
        // After kill -9 the controller waits this long for the broker that it still knows, before it lets the new one
        // in.
        s.put("broker.session.timeout.ms", "3000");
        s.put("broker.heartbeat.interval.ms", "500");
        s.put("num.network.threads", "2");
        s.put("num.io.threads", "4");
        s.put("background.threads", "2");
        s.put("log.cleaner.dedupe.buffer.size", "2097152");
        s.put("log.cleaner.io.buffer.size", "65536");
        s.put("log.index.size.max.bytes", "2097152");
        return s;
    }

    /** Formats beside and renames, so that a folder is either whole or not there. */
    private static void format(Path folder, Map<String, Object> settings) throws Exception {
        var beside = folder.resolveSibling(folder.getFileName() + ".new");
        DataFolder.delete(beside);
        Files.createDirectories(beside);
        var formatter = new Formatter();
        formatter.setNodeId(Integer.parseInt(NODE));
        formatter.setClusterId(Uuid.randomUuid().toString());
        formatter.setControllerListenerName((String) settings.get("controller.listener.names"));
        formatter.setDirectories(List.of(beside.toString()));
        formatter.setMetadataLogDirectory(beside.toString());
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.run();
        Files.move(beside, folder);
    }

    /** Kafka answers a folder that is not its own with a stack trace, or takes it for a new one. */
    private static void check(Path folder) throws IOException {
        var file = folder.resolve("meta.properties");
        if (!Files.isRegularFile(file)) {
            throw broken(folder, "it has no meta.properties");
        }
        var meta = new Properties();
        try (var in = Files.newInputStream(file)) {
            meta.load(in);
        } catch (IllegalArgumentException e) {
            throw broken(folder, "its meta.properties cannot be read");
        }
        if (!NODE.equals(meta.getProperty("node.id"))
                || meta.getProperty("cluster.id", "").isEmpty()) {
            throw broken(folder, "its meta.properties names no cluster.id, or another node.id than " + NODE);
        }
        if (!Files.isDirectory(folder.resolve("__cluster_metadata-0"))
                && !Files.isRegularFile(folder.resolve("bootstrap.checkpoint"))) {
            throw broken(folder, "its metadata log __cluster_metadata-0 is missing");
        }
    }

    private static CannotStart broken(Path folder, String what) {
        return new CannotStart("The broker's folder '%s' is damaged: %s. %s".formatted(folder, what, Remedy.DAMAGED));
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
