package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.SecureBroker;
import dev.orderflow.testing.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** A broker that grants what {@code components/strimzi} grants, and the workloads with the settings of production. */
class KafkaUsersIT {

    private static final Cluster PRODUCTION = Cluster.of("overlays/prod");
    private static final String PASSWORD = "users-secret";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private SecureBroker broker;
    private Topics topics;
    private String database;
    private HikariDataSource pool;
    private JdbcTemplate sql;

    @BeforeEach
    void open() throws Exception {
        var users = PRODUCTION.all("KafkaUser").map(Cluster::name).toList();
        broker = SecureBroker.withGrants(folder, users, PASSWORD);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.innerAddress()))) {
            admin.createTopics(PRODUCTION
                            .all("KafkaTopic")
                            .map(KafkaUsersIT::onOneBroker)
                            .toList())
                    .all()
                    .get();
            admin.createAcls(PRODUCTION
                            .all("KafkaUser")
                            .flatMap(KafkaUsersIT::grants)
                            .toList())
                    .all()
                    .get();
        }
        topics = new Topics(broker.innerAddress());
        database = Embedded.shared().newDatabase();
        pool = Embedded.shared().dataSource(database);
        sql = new JdbcTemplate(pool);
    }

    @AfterEach
    void close() {
        topics.close();
        pool.close();
        broker.close();
    }

    @Test
    void everyWorkloadDoesItsWorkAsItsOwnUser() throws Exception {
        // Given
        try (var asked = CapturedLog.debugOf("kafka.authorizer.logger");
                var intake = workload("intake");
                var inventory = workload("inventory");
                var shipping = workload("shipping");
                var notification = workload("notification");
                var redrive = workload("redrive")) {
            for (var app : List.of(intake, inventory, shipping, notification, redrive)) {
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(call(app.managementUrl() + "/observe/health/ready", "")
                                        .body())
                                .contains("\"status\":\"UP\"")
                                .doesNotContain("DOWN"));
            }

            // When
            var answer = call(intake.url() + "/orders", """
                    {"customer":{"id":"c-1","email":"ada@example.org"},
                     "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},
                     "currency":"EUR","lines":[{"sku":"mug-blue","quantity":1,"unitPrice":"12.50"}]}""");
            topics.append(List.of(
                    Records.garbage("orders", UUID.randomUUID()), Records.garbage("order-events", UUID.randomUUID())));

            // Then
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            awaitCount(1, "SELECT count(*) FROM status.orders WHERE status = 'completed'");
            awaitCount(7, "SELECT count(*) FROM redrive.dead_letter");

            // And the way back, and the audit
            var redriven = call(redrive.url() + "/dead-letters/redrive", "{\"filter\":{\"service\":\"shipping\"}}");
            assertThat(redriven.statusCode()).as(redriven.body()).isEqualTo(202);
            await().atMost(LIMIT).until(() -> topics.readAll("orders-dlt").size(), size -> size == 9);
            var audit = call(redrive.url() + "/audit", "");
            assertThat(audit.statusCode()).as(audit.body()).isEqualTo(200);
            assertThat(audit.body()).contains("\"clean\":true");

            // And nobody was refused anything, nor has a grant that nobody used
            assertThat(asked.text()).doesNotContain("is Denied");
            assertThat(used(asked.text()))
                    .containsExactlyInAnyOrderElementsOf(PRODUCTION
                            .all("KafkaUser")
                            .filter(it -> !name(it).equals("keda"))
                            .flatMap(KafkaUsersIT::grants)
                            .map(it -> "%s %s %s:LITERAL:%s"
                                    .formatted(
                                            it.entry().principal(),
                                            it.entry().operation(),
                                            SecurityUtils.resourceTypeName(
                                                    it.pattern().resourceType()),
                                            it.pattern().name()))
                            .toList());
        }
    }

    /** From the broker's own log: who, what, on what. */
    private static Set<String> used(String log) {
        return Pattern.compile("Principal = (User:\\S+) is Allowed operation = (\\S+) .* on resource = (\\S+) for")
                .matcher(log)
                .results()
                .filter(it -> !it.group(1).equals("User:ANONYMOUS"))
                .map(it -> it.group(1) + " " + it.group(2) + " " + it.group(3))
                .collect(Collectors.toSet());
    }

    @Test
    void nobodyMayDoAnotherOnesWork() {
        try (var inventory = new Topics(login("inventory"))) {
            assertThatThrownBy(() -> inventory.append(List.of(Records.garbage("orders", UUID.randomUUID()))))
                    .hasRootCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> inventory.lag("shipping", "orders"))
                    .hasRootCauseInstanceOf(GroupAuthorizationException.class);
        }
        try (var keda = new Topics(login("keda"))) {
            assertThat(keda.lag("inventory", "orders")).isZero();
            topics.append(List.of(Records.garbage("orders", UUID.randomUUID())));
            assertThatThrownBy(() -> keda.readAll("orders")).isInstanceOf(TopicAuthorizationException.class);
        }
    }

    private static NewTopic onOneBroker(JsonNode topic) {
        Map<String, String> config = topic.at("/spec/config").properties().stream()
                .filter(it -> !it.getKey().equals("min.insync.replicas"))
                .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().asText()));
        return new NewTopic(name(topic), topic.at("/spec/partitions").asInt(), (short) 1).configs(config);
    }

    private static Stream<AclBinding> grants(JsonNode user) {
        return each(user.at("/spec/authorization/acls")).flatMap(acl -> {
            var type = ResourceType.fromString(name(acl, "/resource/type"));
            var resource = new ResourcePattern(type, name(acl, "/resource/name"), PatternType.LITERAL);
            return each(acl.path("operations"))
                    .map(it -> AclOperation.fromString(
                            it.asText().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT)))
                    .map(it -> new AclBinding(
                            resource, new AccessControlEntry("User:" + name(user), "*", it, AclPermissionType.ALLOW)));
        });
    }

    /** With the settings of its pod, but for addresses, folders, and the mail server. */
    private RunningApp workload(String workload) {
        var told = PRODUCTION.environment(PRODUCTION.one("Deployment", workload));
        var settings = new HashMap<String, String>();
        Settings.load().asProperties().stringPropertyNames().stream()
                .filter(key -> told.containsKey(Settings.variable(key)))
                .forEach(key -> settings.put(key, told.get(Settings.variable(key))));
        login(workload).forEach((key, value) -> settings.put("kafka." + key, value.toString()));
        settings.remove("kafka.bootstrap.servers");
        settings.put("kafka.brokers", broker.address());
        settings.put("database.url", database);
        settings.put("database.connectionsMax", "4");
        settings.put("inventory.seed", "true");
        settings.put("notification.channel", "direct:mail-to-folder");
        settings.put("orderflow.routes.dir", "routes-yaml");
        settings.put("orderflow.data.dir", folder.resolve(workload).toString());
        settings.put("orderflow.http.host", "127.0.0.1");
        settings.put("orderflow.http.port", "0");
        settings.put("orderflow.management.host", "127.0.0.1");
        settings.put("orderflow.management.port", "0");
        return RunningApp.start(settings);
    }

    private Map<String, Object> login(String user) {
        return Map.of(
                "bootstrap.servers",
                broker.address(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(user, PASSWORD),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                broker.certificate().toString());
    }

    private HttpResponse<String> call(String address, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(address)).header("Content-Type", "application/json");
        return client.send(
                body.isEmpty()
                        ? request.build()
                        : request.POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    private void awaitCount(int count, String query) {
        await(query)
                .atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(sql.queryForObject(query, Integer.class)).isEqualTo(count));
    }
}
