package dev.orderflow.intake;

import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.database.Database;
import dev.orderflow.http.RestServer;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Intake and its door on a topic and, where a test wants it, a database of their own; with a client for them. */
final class RunningIntake implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final String topic = "orders-" + UUID.randomUUID();
    final Settings settings;
    final CamelContext context = new DefaultCamelContext();
    final RestServer door;
    private HikariDataSource database;

    private RunningIntake(String brokers, UnaryOperator<Settings> change) throws Exception {
        createTopic(brokers);
        settings = change.apply(Embedded.settings()
                .with("kafka.brokers", brokers)
                .with("orders.topic", topic)
                .with("orderflow.http.port", "0"));
        context.getPropertiesComponent().setInitialProperties(settings.asProperties());
        context.getComponent("kafka", KafkaComponent.class)
                .getConfiguration()
                .setBrokers(settings.text("kafka.brokers"));
        context.getShutdownStrategy().setTimeout(10);
        door = RestServer.hang(context, settings);
    }

    static RunningIntake start(UnaryOperator<Settings> change) {
        return start(Embedded.shared().brokers(), change, "");
    }

    /** With the database of the keys. */
    static RunningIntake startKeyed(UnaryOperator<Settings> change) {
        return start(Embedded.shared().brokers(), change, Embedded.shared().newDatabase());
    }

    /** On a broker of the test's own. */
    static RunningIntake startOn(String port, UnaryOperator<Settings> change) {
        return start("127.0.0.1:" + port, change, "");
    }

    private static RunningIntake start(String brokers, UnaryOperator<Settings> change, String databaseUrl) {
        try {
            var running = new RunningIntake(brokers, change);
            if (!databaseUrl.isEmpty()) {
                var database = new Database();
                database.setUrl(databaseUrl);
                database.setUsername(Embedded.shared().user());
                database.setPassword(Embedded.shared().password());
                database.start();
                running.database = database;
                running.context.getRegistry().bind("database", running.database);
            }
            running.context.addRoutes(new IntakeRoutes(running.settings));
            running.context.addRoutes(reading());
            running.context.start();
            return running;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // Stands for the reading side: one route that answers, one that fails.
    private static RouteBuilder reading() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                rest("/orders").get("/{id}").to("direct:get-order");
                from("direct:get-order").routeId("get-order").setBody(simple("{\"orderId\":\"${header.id}\"}"));
                rest("/broken").get().to("direct:broken");
                from("direct:broken").routeId("broken").throwException(new IllegalStateException("inside"));
            }
        };
    }

    private void createTopic(String brokers) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
        }
    }

    HikariDataSource database() {
        return database;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + door.port() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    HttpRequest.Builder order(byte[] body) {
        return order("/orders", body);
    }

    HttpRequest.Builder order(String path, byte[] body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a server answers to bytes, up to its end of the connection. */
    String raw(String bytes) {
        try (var socket = new Socket("127.0.0.1", door.port())) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<ConsumerRecord<String, byte[]>> records() {
        try (var topics = new Topics(settings.text("kafka.brokers"))) {
            return topics.readAll(topic);
        }
    }

    @Override
    public void close() {
        context.stop();
        if (database != null) {
            database.close();
        }
    }
}
