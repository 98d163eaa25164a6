package dev.orderflow.drill;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One node of a {@link Cluster}, broker and controller in one, in a JVM of its own: {@code FOLDER CLUSTER_ID
 * key=value...}. It ends with its standard input, so that it never outlives the drill. What it calls of Kafka has been
 * the same since 3.9, so it runs on the class path of each version since then.
 */
final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] words) throws Exception {
        var folder = Path.of(words[0]);
        Map<String, Object> settings = new HashMap<>();
        for (String word : List.of(words).subList(2, words.length)) {
            int equals = word.indexOf('=');
            settings.put(word.substring(0, equals), word.substring(equals + 1));
        }
        settings.put("log.dirs", folder.toString());
        if (!Files.exists(folder)) {
            format(folder, words[1], Integer.parseInt((String) settings.get("node.id")));
        }
        new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM).startup();
        while (System.in.read() >= 0) {
            // nothing is said here; the end is the message
        }
        Runtime.getRuntime().halt(0);
    }

    private static void format(Path folder, String clusterId, int node) throws Exception {
        Files.createDirectories(folder);
        var formatter = new Formatter();
        formatter.setNodeId(node);
        formatter.setClusterId(clusterId);
        formatter.setControllerListenerName("CONTROLLER");
        formatter.setDirectories(List.of(folder.toString()));
        formatter.setMetadataLogDirectory(folder.toString());
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.run();
    }
}
