package dev.orderflow.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.events.Order;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import dev.orderflow.testing.World;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One service alone, as its file in {@code routes-yaml/} has it, on the real broker and the real PostgreSQL. */
final class Stage implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final String service;
    private final World world;
    private final RunningApp app;
    private final List<String> topics;

    /** @param routes the folder that has the service's files, and those that all share */
    Stage(String service, Path routes) {
        this.service = service;
        world = World.of(service);
        app = RunningApp.start(
                world.settings(Map.of("orderflow.services", service, "orderflow.routes.dir", routes.toString())));
        var endpoint = (KafkaEndpoint) app.context().getRoute(service).getEndpoint();
        topics = List.of(endpoint.getConfiguration().getTopic().split(","));
    }

    void play(Case played) throws Exception {
        played.given().stock().forEach(world::stock);
        for (var table : played.given().rows().entrySet()) {
            insert(table.getKey(), table.getValue());
        }
        var appended = new ArrayList<ProducerRecord<String, byte[]>>();
        for (List<Case.Step> steps : played.when()) {
            var records = steps.stream().flatMap(this::records).toList();
            appended.addAll(records);
            world.topics().append(records);
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> topics.stream()
                                    .mapToLong(topic -> world.topics().lag(service, topic))
                                    .sum()
                            == 0);
        }
        var orders = appended.stream().map(ProducerRecord::key).collect(Collectors.toSet());
        assertThat(events(orders, played.then().events()))
                .as("events of case '%s'", played.name())
                .containsExactlyInAnyOrderElementsOf(played.then().events());
        assertThat(dead(appended))
                .as("dead of case '%s'", played.name())
                .containsExactlyInAnyOrderElementsOf(played.then().dead());
        assertThat(mails(orders))
                .as("mails of case '%s'", played.name())
                .containsExactlyInAnyOrderElementsOf(played.then().mails());
        if (played.then().rows().isPresent()) {
            var own = new LinkedHashSet<>(orders);
            own.addAll(played.given().stock().keySet());
            assertRows(played.then().rows().get(), own);
        }
    }

    private Stream<ProducerRecord<String, byte[]>> records(Case.Step step) {
        return Collections.nCopies(step.times(), record(step)).stream();
    }

    private ProducerRecord<String, byte[]> record(Case.Step step) {
        if (step instanceof Case.PlacedOrder placed) {
            return keyed(placed.key(), Records.placed(world.orders(), order(placed)));
        }
        if (step instanceof Case.OtherEvent other) {
            var body = new LinkedHashMap<String, Object>();
            body.put("orderId", other.order());
            body.putAll(other.body());
            return Records.event(world.events(), other.order(), other.event(), json(body));
        }
        var raw = (Case.Raw) step;
        return Records.event(world.orders(), raw.order(), "order-placed", raw.bytes());
    }

    private static ProducerRecord<String, byte[]> keyed(String key, ProducerRecord<String, byte[]> record) {
        return new ProducerRecord<>(record.topic(), null, key, record.value(), record.headers());
    }

    private static Order order(Case.PlacedOrder placed) {
        var lines = placed.lines().entrySet().stream()
                .map(line -> new Order.Line(line.getKey(), line.getValue(), new BigDecimal("12.50")))
                .toList();
        return new Order(
                placed.order(),
                Instant.parse("2026-11-22T10:00:00Z"),
                new Order.Customer("c-1", placed.email()),
                new Order.Address("Ada Lovelace", "12 St James Square", "London", "SW1Y 4LE", placed.country()),
                "EUR",
                lines,
                "");
    }

    /** What the service said, once for each id: to say the same again is its right, to say another thing is not. */
    private List<Case.Said> events(Set<String> orders, List<Case.Said> wanted) {
        Map<String, Case.Said> said = new LinkedHashMap<>();
        for (var event : world.topics().readAll(world.events())) {
            if (!orders.contains(event.key())
                    || !Topics.header(event, "ce_source").endsWith("/" + service)) {
                continue;
            }
            Contract.record(event);
            var body = object(Topics.text(event));
            var order = UUID.fromString(String.valueOf(body.remove("orderId")));
            String id = Topics.header(event, "ce_id");
            var one = new Case.Said(order, id.substring(id.indexOf('/') + 1), body);
            var before = said.putIfAbsent(id, one);
            assertThat(before == null ? one : before).as("said again").isEqualTo(one);
        }
        return said.values().stream().map(one -> named(one, wanted)).toList();
    }

    /** The event with those members of its body that the case names. */
    private static Case.Said named(Case.Said said, List<Case.Said> wanted) {
        return wanted.stream()
                .filter(one -> one.order().equals(said.order()) && one.event().equals(said.event()))
                .findFirst()
                .map(one -> {
                    var body = new LinkedHashMap<>(said.body());
                    body.keySet().retainAll(one.body().keySet());
                    return new Case.Said(said.order(), said.event(), body);
                })
                .orElse(said);
    }

    /** Dead letters, once for each id; their bytes are those of one of the records. */
    private List<Case.Dead> dead(List<ProducerRecord<String, byte[]>> appended) {
        var keys = appended.stream().map(ProducerRecord::key).collect(Collectors.toSet());
        var bodies = appended.stream().map(record -> text(record.value())).toList();
        Map<String, Case.Dead> dead = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> letter : world.topics().readAll(world.deadLetters())) {
            if (keys.contains(letter.key())) {
                Contract.record(letter);
                assertThat(bodies).contains(Topics.text(letter));
                assertThat(Topics.header(letter, "orderflow-service")).isEqualTo(service);
                dead.put(
                        Topics.header(letter, "orderflow-id"),
                        new Case.Dead(
                                UUID.fromString(letter.key()), Topics.header(letter, "kafka_dlt-exception-message")));
            }
        }
        return List.copyOf(dead.values());
    }

    private List<Case.Mail> mails(Set<String> orders) throws IOException, MessagingException {
        var folder = Path.of(app.settings().text("orderflow.data.dir"), "mail");
        var mails = new ArrayList<Case.Mail>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder, "*.eml")) {
                for (Path file : files) {
                    if (orders.stream().anyMatch(file.getFileName().toString()::startsWith)) {
                        mails.add(mail(file));
                    }
                }
            }
        }
        return mails;
    }

    private static Case.Mail mail(Path file) throws IOException, MessagingException {
        try (var in = Files.newInputStream(file)) {
            var mail = new MimeMessage(Session.getInstance(new Properties()), in);
            return new Case.Mail(
                    mail.getHeader("To", null),
                    mail.getSubject(),
                    mail.getMessageID(),
                    String.valueOf(mail.getContent()).replace("\r\n", "\n").strip());
        }
    }

    private void insert(String table, List<Map<String, Object>> rows) throws SQLException {
        for (var row : rows) {
            String columns = String.join(", ", row.keySet());
            try (var connection = world.database().getConnection();
                    var insert = connection.prepareStatement(
                            "INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, ?::jsonb)"
                                    .formatted(table, columns, columns, table))) {
                insert.setString(1, json(row));
                insert.executeUpdate();
            }
        }
    }

    /** Rows that hold an order id or an SKU of the case, with the columns that the case names. */
    private void assertRows(Map<String, List<Map<String, Object>>> tables, Set<String> own) throws SQLException {
        for (var table : tables.entrySet()) {
            Set<String> columns = new LinkedHashSet<>();
            table.getValue().forEach(row -> columns.addAll(row.keySet()));
            assertThat(rows(table.getKey(), columns, own))
                    .as(table.getKey())
                    .containsExactlyInAnyOrderElementsOf(table.getValue());
        }
    }

    private List<Map<String, Object>> rows(String table, Set<String> columns, Set<String> own) throws SQLException {
        try (var connection = world.database().getConnection();
                var select = connection.prepareStatement(
                        "SELECT to_jsonb(t)::text FROM %s t WHERE coalesce(to_jsonb(t)->>'order_id', to_jsonb(t)->>'sku') = ANY(?)"
                                .formatted(table))) {
            select.setArray(1, connection.createArrayOf("text", own.toArray()));
            var rows = new ArrayList<Map<String, Object>>();
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    var row = object(found.getString(1));
                    row.keySet().retainAll(columns);
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> object(String json) {
        try {
            return JSON.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        app.close();
        world.close();
    }
}
