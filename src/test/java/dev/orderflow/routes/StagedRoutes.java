package dev.orderflow.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.check.HouseRules;
import dev.orderflow.database.Database;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Files of {@code routes-yaml/} as the application runs them, on a broker and a database that are stubs. */
final class StagedRoutes implements AutoCloseable {

    static final String END = ".camel.yaml";

    private static final List<String> SHARED = List.of("beans" + END, "delivery" + END);
    private static final ObjectMapper JSON = new ObjectMapper();

    final Journal journal = new Journal();
    final StubBroker broker = new StubBroker(journal);
    final StubDatabase database = new StubDatabase(journal);
    private final Main main = new Main();

    /** @param settings what differs from the shipped settings */
    StagedRoutes(Map<String, String> files, Map<String, String> settings) throws Exception {
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties(settings));
        main.bind("kafkaClientFactory", broker);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport support) {
                var placeholders =
                        (PropertiesComponent) support.getCamelContext().getPropertiesComponent();
                placeholders.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
                HouseRules.install(support.getCamelContext());
            }
        });
        main.init();
        for (String name : SHARED) {
            load(name, files.get(name));
        }
        context().getRegistry().lookupByNameAndType("database", Database.class).setDataSource(database.dataSource());
        for (var file : files.entrySet()) {
            if (!SHARED.contains(file.getKey())) {
                load(file.getKey(), file.getValue());
            }
        }
    }

    private static Properties properties(Map<String, String> settings) {
        var properties = Settings.load().asProperties();
        properties.keySet().removeIf(key -> key.toString().matches("camel\\.(management|metrics|health)\\..*"));
        properties.setProperty("camel.component.kafka.kafkaClientFactory", "#bean:kafkaClientFactory");
        properties.setProperty("kafka.brokers", "127.0.0.1:1");
        properties.setProperty("database.url", "jdbc:postgresql://127.0.0.1:1/none");
        properties.putAll(settings);
        return properties;
    }

    private void load(String name, String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context()).loadRoutes(ResourceHelper.fromString(name, yaml));
    }

    /** The shipped files of these services, with those that all share. The pool is not asked for a connection at once. */
    static Map<String, String> shipped(String... services) {
        var files = new TreeMap<String, String>();
        files.put(SHARED.get(0), read(SHARED.get(0)).replace("      initMethod: start\n", ""));
        files.put(SHARED.get(1), read(SHARED.get(1)));
        for (String service : services) {
            files.put(service + END, read(service + END));
        }
        return files;
    }

    static String read(String name) {
        try {
            return Files.readString(Path.of("routes-yaml", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all files, without their end. */
    static List<String> names() {
        try (var files = Files.list(Path.of("routes-yaml"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(END))
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DefaultCamelContext context() {
        return (DefaultCamelContext) main.getCamelContext();
    }

    static JsonNode json(ProducerRecord<String, byte[]> appended) {
        try {
            return JSON.readTree(appended.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String header(ProducerRecord<String, byte[]> appended, String name) {
        var header = appended.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        context().stop();
    }
}
