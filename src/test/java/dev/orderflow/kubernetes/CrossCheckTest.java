package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.monitoring.Monitoring;
import dev.orderflow.settings.Services;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the manifests say of the application is so, and they agree with each other. */
class CrossCheckTest {

    static final List<String> RENDERINGS = Kustomize.RENDERINGS;
    private static final Path ROUTES = Path.of("routes-yaml");
    private static final Settings SETTINGS = Settings.load();
    private static final int PARTITIONS = SETTINGS.number("orders.partitions");

    /** Secrets that a person or an operator makes. */
    private static final Set<String> SECRETS = Set.of(
            "orderflow",
            "intake",
            "inventory",
            "shipping",
            "notification",
            "redrive",
            "keda",
            "orders-cluster-ca-cert");

    /** They are Java, and have no route file. */
    private static final Set<String> WITHOUT_FILE = Set.of("intake", "redrive");

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyVariableIsASetting(String rendering) {
        var cluster = Cluster.of(rendering);
        cluster.ours()
                .forEach(it -> assertThat(Cluster.variablesOfSettings())
                        .as(name(it))
                        .containsAll(cluster.told(it).keySet()));
    }

    @Test
    void everyKeyOfTheExampleSecretIsASetting() throws IOException {
        var secret = Manifests.documents(Files.readString(Kustomize.FOLDER.resolve("base/secret.example.yaml")))
                .get(0);
        var keys = new HashSet<String>();
        secret.path("stringData").fieldNames().forEachRemaining(keys::add);
        assertThat(Cluster.variablesOfSettings()).containsAll(keys);
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyVariableOfAnIntegrationIsInItsConfigMap(String rendering) {
        var cluster = Cluster.of(rendering);
        cluster.all("Integration")
                .forEach(integration -> Cluster.variables(integration).values().stream()
                        .filter(value -> value.startsWith("configmap:"))
                        .map(value -> value.substring("configmap:".length()).split("/"))
                        .forEach(place -> assertThat(cluster.one("ConfigMap", place[0])
                                        .path("data")
                                        .has(place[1]))
                                .as(String.join("/", place))
                                .isTrue()));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyWorkloadHasTheRoutesOfItsServicesFromTheOneSource(String rendering) {
        var cluster = Cluster.of(rendering);
        cluster.workloads().forEach(workload -> {
            var environment = cluster.environment(workload);
            JsonNode mount = each(workload.at("/spec/template/spec/containers/0/volumeMounts"))
                    .filter(it -> it.path("name").asText().equals("routes"))
                    .findFirst()
                    .orElseThrow();
            assertThat(mount.path("mountPath").asText()).isEqualTo(environment.get("ORDERFLOW_ROUTES_DIR"));
            JsonNode volume = each(workload.at("/spec/template/spec/volumes"))
                    .filter(it -> it.path("name").asText().equals("routes"))
                    .findFirst()
                    .orElseThrow();
            JsonNode routes = cluster.one("ConfigMap", name(volume, "/configMap/name"));
            Stream.of(environment.get("ORDERFLOW_SERVICES").split(","))
                    .filter(service -> !WITHOUT_FILE.contains(service))
                    .forEach(service -> assertThat(routes.path("data").has(service + ".camel.yaml"))
                            .as(service)
                            .isTrue());
        });
        cluster.all("ConfigMap")
                .filter(it -> name(it).startsWith("routes-"))
                .forEach(routes -> routes.path("data")
                        .properties()
                        .forEach(file ->
                                assertThat(file.getValue().asText()).isEqualTo(read(ROUTES.resolve(file.getKey())))));
    }

    /** A service that runs nowhere leaves its calls unanswered, and its records unread. */
    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyServiceRunsInExactlyOneWorkload(String rendering) {
        var cluster = Cluster.of(rendering);
        var every = new HashSet<>(Services.inRoutes(SETTINGS));
        every.addAll(WITHOUT_FILE);
        assertThat(cluster.ours()
                        .map(it -> cluster.told(it).getOrDefault("ORDERFLOW_SERVICES", name(it)))
                        .flatMap(services -> Stream.of(services.split(","))))
                .containsExactlyInAnyOrderElementsOf(every);
    }

    @Test
    void redriveMayDoWhatItsCallsNeed() {
        var may = each(Cluster.of("overlays/prod").one("KafkaUser", "redrive").at("/spec/authorization/acls"))
                .flatMap(acl -> each(acl.path("operations"))
                        .map(it -> name(acl, "/resource/type") + " " + name(acl, "/resource/name") + " " + it.asText()))
                .toList();
        // Letters are read in a group of its own; redrives are appended; the audit reads all, and where each group
        // stands.
        assertThat(may)
                .contains(
                        "group redrive Read",
                        "topic orders-dlt Read",
                        "topic orders Read",
                        "topic orders Write",
                        "topic order-events Read",
                        "topic order-events Write");
        Services.inRoutes(SETTINGS).forEach(service -> assertThat(may).contains("group " + service + " Describe"));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everySourceIsAFileOfTheRoutes(String rendering) {
        var cluster = Cluster.of(rendering);
        cluster.all("Integration")
                .forEach(integration -> integration.at("/spec/sources").forEach(source -> {
                    String key = source.path("contentKey").asText();
                    assertThat(ROUTES.resolve(key)).exists();
                    assertThat(cluster.one(
                                            "ConfigMap",
                                            source.path("contentRef").asText())
                                    .path("data")
                                    .has(key))
                            .as(key)
                            .isTrue();
                }));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void portsAndProbesAreThoseOfTheApplication(String rendering) {
        String health = Monitoring.HEALTH_PATH;
        var cluster = Cluster.of(rendering);
        cluster.workloads().forEach(workload -> {
            var environment = cluster.environment(workload);
            JsonNode container = workload.at("/spec/template/spec/containers/0");
            assertThat(each(container.path("ports")).map(it -> name(it, "/name") + "=" + name(it, "/containerPort")))
                    .containsExactlyInAnyOrder(
                            "http=" + environment.get("ORDERFLOW_HTTP_PORT"),
                            "management=" + environment.get("ORDERFLOW_MANAGEMENT_PORT"));
            assertThat(name(container, "/startupProbe/httpGet/path")).isEqualTo(health + "/live");
            assertThat(name(container, "/livenessProbe/httpGet/path")).isEqualTo(health + "/live");
            assertThat(name(container, "/readinessProbe/httpGet/path")).isEqualTo(health + "/ready");
            assertThat(name(container, "/readinessProbe/httpGet/port")).isEqualTo("management");
            int drain = SETTINGS.number("camel.main.shutdownTimeout");
            assertThat(workload.at("/spec/template/spec/terminationGracePeriodSeconds")
                            .asInt())
                    .isGreaterThan(2 * drain
                            + container.at("/lifecycle/preStop/sleep/seconds").asInt());
        });
        cluster.all("Integration").map(it -> it.at("/spec/traits/health")).forEach(trait -> {
            assertThat(name(trait, "/startupProbe")).isEqualTo(health + "/live");
            assertThat(name(trait, "/livenessProbe")).isEqualTo(health + "/live");
            assertThat(name(trait, "/readinessProbe")).isEqualTo(health + "/ready");
            assertThat(List.of(
                            name(trait, "/startupPort"), name(trait, "/livenessPort"), name(trait, "/readinessPort")))
                    .containsOnly(SETTINGS.text("orderflow.management.port"));
        });
        cluster.all("ServiceMonitor")
                .map(it -> it.at("/spec/endpoints/0"))
                .forEach(it -> assertThat(name(it, "/path")).isEqualTo(Monitoring.METRICS_PATH));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyServiceFindsItsPodsAndTheirPorts(String rendering) {
        var cluster = Cluster.of(rendering);
        cluster.all("Service").forEach(service -> {
            JsonNode pod = Stream.concat(cluster.all("Deployment"), cluster.all("StatefulSet"))
                    .filter(it -> it.at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                            .equals(service.at("/spec/selector/app.kubernetes.io~1name")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no pods for Service " + name(service)));
            Set<String> ports = each(pod.at("/spec/template/spec/containers/0/ports"))
                    .map(it -> name(it, "/name"))
                    .collect(Collectors.toSet());
            each(service.at("/spec/ports")).forEach(it -> assertThat(ports).contains(name(it, "/targetPort")));
        });
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyPolicyCoversEveryPort(String rendering) {
        var cluster = Cluster.of(rendering);
        Stream.concat(cluster.all("Deployment"), cluster.all("StatefulSet")).forEach(workload -> {
            JsonNode policy = cluster.one("NetworkPolicy", name(workload));
            assertThat(policy.at("/spec/podSelector/matchLabels/app.kubernetes.io~1name"))
                    .isEqualTo(workload.at("/spec/template/metadata/labels/app.kubernetes.io~1name"));
            assertThat(ports(policy.at("/spec/ingress")))
                    .containsExactlyInAnyOrderElementsOf(each(workload.at("/spec/template/spec/containers/0/ports"))
                            .map(it -> name(it, "/name"))
                            .toList());
            assertThat(each(policy.at("/spec/ingress")))
                    .allMatch(rule -> rule.path("from").size() > 0);
            assertThat(each(policy.at("/spec/policyTypes")).map(JsonNode::asText))
                    .containsExactly("Ingress", "Egress");
        });
        cluster.workloads().forEach(workload -> {
            JsonNode policy = cluster.one("NetworkPolicy", name(workload));
            var environment = cluster.environment(workload);
            assertThat(ports(policy.at("/spec/egress")))
                    .contains(
                            "53",
                            environment.get("KAFKA_BROKERS").replaceAll(".*:", ""),
                            environment.get("DATABASE_URL").replaceAll(".*:(\\d+)/.*", "$1"));
        });
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void nobodyRunsMoreInstancesThanThereArePartitions(String rendering) {
        var cluster = Cluster.of(rendering);
        Stream.of(
                        cluster.workloads().map(it -> it.at("/spec/replicas")),
                        cluster.all("Integration").map(it -> it.at("/spec/replicas")),
                        cluster.all("ScaledObject").map(it -> it.at("/spec/maxReplicaCount")),
                        cluster.all("HorizontalPodAutoscaler").map(it -> it.at("/spec/maxReplicas")))
                .flatMap(it -> it)
                .forEach(it -> assertThat(it.asInt()).isLessThanOrEqualTo(PARTITIONS));
        cluster.workloads()
                .forEach(it -> assertThat(cluster.environment(it)).containsEntry("ORDERS_PARTITIONS", "" + PARTITIONS));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void aWorkloadHasOneAutoscalerAndNoNumberBeside(String rendering) {
        var cluster = Cluster.of(rendering);
        List<String> scaled = Stream.concat(cluster.all("ScaledObject"), cluster.all("HorizontalPodAutoscaler"))
                .map(it -> name(it, "/spec/scaleTargetRef/name"))
                .toList();
        assertThat(scaled).doesNotHaveDuplicates();
        cluster.ours()
                .filter(it -> scaled.contains(name(it)))
                .forEach(it ->
                        assertThat(it.at("/spec/replicas").isMissingNode()).isTrue());
        cluster.all("ScaledObject").forEach(it -> {
            String kind = it.at("/spec/scaleTargetRef/kind").asText("Deployment");
            cluster.one(kind, name(it, "/spec/scaleTargetRef/name"));
            it.at("/spec/triggers").forEach(trigger -> {
                assertThat(name(trigger, "/metadata/consumerGroup")).isEqualTo(name(it));
                assertThat(trigger.path("metadata").path("bootstrapServers"))
                        .isEqualTo(it.at("/spec/triggers/0/metadata/bootstrapServers"));
                assertThat(trigger.path("authenticationRef"))
                        .isEqualTo(it.at("/spec/triggers/0").path("authenticationRef"));
            });
            assertThat(each(it.at("/spec/triggers")).map(trigger -> name(trigger, "/metadata/topic")))
                    .containsExactlyInAnyOrderElementsOf(topicsOf(name(it)));
        });
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyPodIsRestricted(String rendering) {
        var cluster = Cluster.of(rendering);
        cluster.pods().forEach(pod -> {
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(name(pod, "/securityContext/seccompProfile/type")).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/enableServiceLinks").asBoolean(true)).isFalse();
            JsonNode container = pod.at("/containers/0");
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(name(container, "/securityContext/capabilities/drop/0")).isEqualTo("ALL");
            assertThat(container.at("/resources/requests/memory").isTextual()).isTrue();
            assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
        });
        cluster.workloads()
                .forEach(it -> assertThat(
                                it.at("/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem")
                                        .asBoolean())
                        .isTrue());
    }

    /** A node can be drained while what runs on it waits for a broker or a database. */
    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void aPodThatIsNotReadyHoldsUpNoDrain(String rendering) {
        Cluster.of(rendering)
                .all("PodDisruptionBudget")
                .forEach(it -> assertThat(name(it, "/spec/unhealthyPodEvictionPolicy"))
                        .as(name(it))
                        .isEqualTo("AlwaysAllow"));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyImageHasAVersion(String rendering) {
        var cluster = Cluster.of(rendering);
        Stream.concat(
                        cluster.pods().map(it -> name(it, "/containers/0/image")),
                        cluster.all("Integration")
                                .map(it -> name(it, "/spec/traits/container/image"))
                                .filter(it -> !it.isEmpty()))
                .forEach(image -> assertThat(image).matches(".+:\\d[\\w.-]*"));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyNamedSecretAndConfigMapIsThere(String rendering) {
        var cluster = Cluster.of(rendering);
        var known = new HashSet<>(SECRETS);
        cluster.all("Secret").forEach(it -> known.add(name(it)));
        cluster.all("Deployment")
                .forEach(it -> it.findValues("secretKeyRef")
                        .forEach(secret -> assertThat(known).contains(name(secret, "/name"))));
        cluster.all("TriggerAuthentication")
                .forEach(it -> it.at("/spec/secretTargetRef")
                        .forEach(secret -> assertThat(known).contains(name(secret, "/name"))));
        cluster.all("Integration")
                .forEach(it -> it.at("/spec/traits/mount")
                        .forEach(list -> list.forEach(mount -> {
                            if (mount.asText().startsWith("configmap:")) {
                                cluster.one("ConfigMap", mount.asText().replaceAll("configmap:([^@/]+).*", "$1"));
                            }
                            if (mount.asText().startsWith("secret:")) {
                                assertThat(known).contains(mount.asText().replaceAll("secret:([^@/]+).*", "$1"));
                            }
                        })));
        cluster.all("Integration")
                .flatMap(it -> Cluster.variables(it).values().stream())
                .filter(it -> it.startsWith("secret:"))
                .forEach(it -> assertThat(known).contains(it.replaceAll("secret:([^/]+)/.+", "$1")));
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void noTraitIsDeprecated(String rendering) {
        Cluster.of(rendering)
                .all("Integration")
                .forEach(
                        integration -> assertThat(integration.at("/spec/traits").fieldNames())
                                .toIterable()
                                .doesNotContain(
                                        "platform",
                                        "prometheus",
                                        "knative",
                                        "knative-service",
                                        "logging",
                                        "telemetry",
                                        "tracing",
                                        "master",
                                        "synthetic"));
    }

    @Test
    void theTopicsOfStrimziAreThoseThatTheApplicationWouldCreate() {
        var cluster = Cluster.of("overlays/prod");
        assertThat(cluster.all("KafkaTopic").map(Cluster::name))
                .containsExactlyInAnyOrder(
                        SETTINGS.text("orders.topic"),
                        SETTINGS.text("order-events.topic"),
                        SETTINGS.text("orders-dlt.topic"));
        long record = SETTINGS.number("orders.recordBytesMax");
        cluster.all("KafkaTopic").forEach(topic -> {
            boolean isDead = name(topic).equals(SETTINGS.text("orders-dlt.topic"));
            String hours = isDead ? "orders-dlt.retentionHours" : "orders.retentionHours";
            JsonNode config = topic.at("/spec/config");
            assertThat(topic.at("/spec/partitions").asInt()).isEqualTo(PARTITIONS);
            assertThat(topic.at("/spec/replicas").asInt()).isEqualTo(3);
            assertThat(config.path("min.insync.replicas").asInt()).isEqualTo(2);
            assertThat(config.path("cleanup.policy").asText()).isEqualTo("delete");
            assertThat(config.path("retention.ms").asLong()).isEqualTo(TimeUnit.HOURS.toMillis(SETTINGS.number(hours)));
            assertThat(config.path("max.message.bytes").asLong()).isEqualTo(isDead ? 2 * record : record);
        });
    }

    @Test
    void everyUserOfKafkaMayReadInItsOwnGroupOnly() {
        var cluster = Cluster.of("overlays/prod");
        Set<String> topics = cluster.all("KafkaTopic").map(Cluster::name).collect(Collectors.toSet());
        cluster.all("KafkaUser")
                .forEach(user -> user.at("/spec/authorization/acls").forEach(acl -> {
                    String resource = name(acl, "/resource/name");
                    boolean reads = each(acl.path("operations"))
                            .anyMatch(it -> it.asText().equals("Read"));
                    if (name(acl, "/resource/type").equals("topic")) {
                        assertThat(topics).contains(resource);
                    } else if (reads) {
                        assertThat(resource).isEqualTo(name(user).equals("intake") ? "status" : name(user));
                    }
                    assertThat(name(acl, "/resource/patternType")).isEqualTo("literal");
                }));
    }

    /** An edit of a running route is meant where a person can name its ConfigMap, and nowhere else. */
    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void routesAreEditedLiveWhereTheirConfigMapsKeepTheirNames(String rendering) {
        var cluster = Cluster.of(rendering);
        boolean arePlain = cluster.all("ConfigMap").anyMatch(it -> name(it).equals("routes-shipping"));
        cluster.all("ConfigMap")
                .filter(it -> it.path("data").has("LIVE_ENABLED"))
                .forEach(it -> assertThat(name(it, "/data/LIVE_ENABLED")).isEqualTo("" + arePlain));
        assertThat(cluster.all("ConfigMap")
                        .map(Cluster::name)
                        .filter(it -> it.startsWith("routes-"))
                        .filter(it -> it.matches("routes-[a-z]+"))
                        .count())
                .isEqualTo(arePlain ? 5 : 0);
    }

    /** A mail that is a file in a pod's folder has reached nobody, and is gone with the pod. */
    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/prod", "camel-k/image", "camel-k/sources"})
    void mailsGoToTheMailServer(String rendering) throws IOException {
        var cluster = Cluster.of(rendering);
        JsonNode settings = cluster.all("ConfigMap")
                .filter(it -> it.path("data").has("KAFKA_BROKERS"))
                .findFirst()
                .orElseThrow();
        assertThat(name(settings, "/data/NOTIFICATION_CHANNEL")).isEqualTo("direct:mail-to-smtp");
        cluster.all("Integration")
                .filter(it -> name(it).equals("notification"))
                .forEach(it -> assertThat(Cluster.variables(it))
                        .containsEntry("NOTIFICATION_CHANNEL", "configmap:" + name(settings) + "/NOTIFICATION_CHANNEL")
                        .containsEntry("NOTIFICATION_SMTP", "secret:orderflow/NOTIFICATION_SMTP"));
        var secret = Manifests.documents(Files.readString(Kustomize.FOLDER.resolve("base/secret.example.yaml")))
                .get(0);
        String port = name(secret, "/stringData/NOTIFICATION_SMTP").replaceAll("smtps?://[^:/?]+:(\\d+).*", "$1");
        cluster.all("NetworkPolicy")
                .filter(it -> name(it).equals("notification"))
                .forEach(it -> assertThat(ports(it.at("/spec/egress"))).contains(port));
    }

    /** Whoever runs a service logs in where there is a listener, as a user who may read in that service's group. */
    @ParameterizedTest
    @ValueSource(strings = {"overlays/prod", "camel-k/image", "camel-k/sources"})
    void everyoneLogsInAsAUserOfTheirOwn(String rendering) {
        var cluster = Cluster.of(rendering);
        String listener = name(cluster.one("Kafka", "orders"), "/spec/kafka/listeners/0/port");
        cluster.all("ConfigMap")
                .filter(it -> it.path("data").has("KAFKA_BROKERS"))
                .forEach(it -> assertThat(name(it, "/data/KAFKA_BROKERS")).endsWith(":" + listener));
        cluster.all("ScaledObject")
                .forEach(it -> assertThat(name(it, "/spec/triggers/0/metadata/bootstrapServers"))
                        .endsWith(":" + listener));
        cluster.ours().forEach(it -> {
            String services = cluster.told(it).getOrDefault("ORDERFLOW_SERVICES", name(it));
            var groups = each(cluster.one("KafkaUser", login(it)).at("/spec/authorization/acls"))
                    .filter(acl -> name(acl, "/resource/type").equals("group"))
                    .map(acl -> name(acl, "/resource/name"))
                    .toList();
            assertThat(groups)
                    .as(name(it))
                    .containsAll(Stream.of(services.split(","))
                            .filter(service -> !service.equals("intake"))
                            .toList());
        });
    }

    /** The Secret that Strimzi keeps for a KafkaUser has the user's name. */
    private static String login(JsonNode workload) {
        return name(workload, "/kind").equals("Integration")
                ? Cluster.variables(workload)
                        .get("KAFKA_SASL_JAAS_CONFIG")
                        .replaceAll("secret:(.+)/sasl.jaas.config", "$1")
                : each(workload.at("/spec/template/spec/containers/0/env"))
                        .filter(it -> name(it, "/name").equals("KAFKA_SASL_JAAS_CONFIG"))
                        .map(it -> name(it, "/valueFrom/secretKeyRef/name"))
                        .findFirst()
                        .orElseThrow();
    }

    /** Our figures have a label 'service', and so has what Prometheus knows of a Kubernetes Service. */
    @Test
    void theLabelsOfOurFiguresAreKept() {
        Cluster.of("overlays/prod")
                .all("ServiceMonitor")
                .forEach(it -> assertThat(it.at("/spec/endpoints/0/honorLabels").asBoolean())
                        .isTrue());
    }

    @Test
    void theProofOfCamelKIsBuiltFromWhatTheIntegrationsAskFor() {
        String pom = read(Path.of("kubernetes/camel-k/proof/pom.xml"));
        Cluster.of("camel-k/sources").all("Integration").forEach(it -> {
            assertThat(pom).contains("<runtime.version>%s<".formatted(name(it, "/spec/traits/camel/runtimeVersion")));
            each(it.at("/spec/dependencies"))
                    .map(JsonNode::asText)
                    .forEach(dependency -> assertThat(pom)
                            .contains("<artifactId>%s</artifactId>"
                                    .formatted(dependency.split(":")[2])));
        });
    }

    @Test
    void everyFigureOfAnAlertIsOneThatTheApplicationRegisters() throws IOException {
        var registered = new HashSet<String>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> Pattern.compile("\"(orderflow(\\.[a-z]+)+)\"")
                            .matcher(read(file))
                            .results()
                            .forEach(it -> registered.add(it.group(1).replace('.', '_'))));
        }
        Cluster.of("overlays/prod")
                .all("PrometheusRule")
                .flatMap(it -> it.findValuesAsText("expr").stream())
                .flatMap(expr -> Pattern.compile("orderflow_\\w+").matcher(expr).results())
                .forEach(it -> assertThat(registered).contains(it.group().replaceFirst("_(total|seconds)$", "")));
    }

    /** What a service's route file reads, in the words of the topics. */
    private static List<String> topicsOf(String service) {
        var uri = Pattern.compile("from:\\s+uri: kafka:(\\S+)").matcher(read(ROUTES.resolve(service + ".camel.yaml")));
        assertThat(uri.find()).isTrue();
        return Stream.of(uri.group(1).split(","))
                .map(it -> SETTINGS.text(it.replaceAll("[{}]", "")))
                .toList();
    }

    private static List<String> ports(JsonNode rules) {
        return each(rules)
                .flatMap(rule -> each(rule.path("ports")))
                .map(it -> it.path("port").asText())
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("There is no file " + file, e);
        }
    }
}
