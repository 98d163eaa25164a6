package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.SecureBroker;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod as Camel K's operator makes it: sources and settings are mounted, and the Integration's variables are set.
 *
 * @param password of the user {@code services}, who may do everything on the broker
 */
record IntegrationPod(Path mounts, SecureBroker broker, String password, String smtp) {

    static final Path APPLICATION = Path.of("target/camel-k/quarkus-app/quarkus-run.jar");
    static final Cluster INTEGRATIONS = Cluster.of("camel-k/sources");

    /** With every service that is a route file. */
    ChildApp start(World world) throws IOException {
        return start(world, true);
    }

    /** On brokers of somebody's own, without the component that logs in. */
    ChildApp startWithoutLogin(World world) throws IOException {
        return start(world, false);
    }

    private ChildApp start(World world, boolean logsIn) throws IOException {
        Path sources = Files.createDirectories(mounts.resolve("sources"));
        var included = new ArrayList<String>();
        for (String name : List.of("beans", "delivery", "inventory", "shipping", "notification", "status")) {
            Path source = sources.resolve(name + ".camel.yaml");
            Files.writeString(source, Files.readString(Path.of("routes-yaml", name + ".camel.yaml")));
            included.add("file:" + source);
        }
        Path settings = Files.createDirectories(mounts.resolve("conf.d")).resolve("application.properties");
        Files.writeString(settings, Files.readString(Path.of("src/main/resources/application.properties")));
        Path operators = mounts.resolve("application.properties");
        var lines = new ArrayList<>(List.of("camel.main.routes-include-pattern=" + String.join(",", included)));
        var integration = INTEGRATIONS.one("Integration", "notification");
        each(integration.at("/spec/traits/camel/properties"))
                .map(JsonNode::asText)
                .forEach(lines::add);
        Files.write(operators, lines);

        var environment = new HashMap<String, String>();
        world.settings(Map.of()).forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("QUARKUS_CONFIG_LOCATIONS", operators + "," + settings);
        Cluster.variables(integration).forEach((name, value) -> {
            if (value.startsWith("configmap:")) {
                environment.putIfAbsent(name, settingsOf(value));
            } else if (!value.startsWith("secret:")) {
                environment.put(name, value);
            }
        });
        if (logsIn) {
            environment.put("KAFKA_BROKERS", broker.address());
            environment.put(
                    "KAFKA_SSL_TRUSTSTORE_LOCATION", broker.certificate().toString());
            environment.put(
                    "KAFKA_SASL_JAAS_CONFIG",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"services\" password=\"%s\";"
                            .formatted(password));
        } else {
            environment.put("KAFKA_BROKERS", broker.innerAddress());
            environment.keySet().removeIf(it -> it.matches("KAFKA_(SECURITY|SASL|SSL)_.*"));
        }
        environment.put("NOTIFICATION_SMTP", smtp);
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        return ChildApp.program(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        // Not the declared one, which an Orderflow on this machine may have; a variable would not win.
                        "-Dquarkus.management.port=0",
                        "-jar",
                        APPLICATION.toString()),
                environment);
    }

    /** What stands behind a variable that comes from a ConfigMap. */
    private static String settingsOf(String place) {
        String[] names = place.replace("configmap:", "").split("/");
        return name(INTEGRATIONS.one("ConfigMap", names[0]), "/data/" + names[1]);
    }
}
