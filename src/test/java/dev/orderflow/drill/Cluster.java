package dev.orderflow.drill;

import dev.orderflow.settings.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;

/**
 * KRaft nodes as child JVMs, each with a proxy before it. Services come through the proxies and log in (SCRAM), so that
 * they can be refused; the drill's own clients and the nodes among themselves do neither. Timeouts are short, so that a
 * loss is noticed in seconds.
 */
final class Cluster implements AutoCloseable {

    static final String USER = "orderflow";
    static final String PASSWORD = "br0ker-secret";

    private static final String HOST = "127.0.0.1:";
    private static final String MECHANISM = "SCRAM-SHA-512";
    private static final int ITERATIONS = 4096;

    private final Path folder;
    private final String classPath;
    private final String id = Uuid.randomUuid().toString();
    private final int[] clientPorts;
    private final int[] directPorts;
    private final int[] controllerPorts;
    private final List<Proxy> proxies = new ArrayList<>();
    private final Process[] nodes;
    private final Admin admin;

    private Cluster(Path folder, int size, String classPath) {
        this.folder = folder;
        this.classPath = classPath;
        clientPorts = IntStream.range(0, size).map(i -> Ports.free()).toArray();
        directPorts = IntStream.range(0, size).map(i -> Ports.free()).toArray();
        controllerPorts = IntStream.range(0, size).map(i -> Ports.free()).toArray();
        nodes = new Process[size];
        for (int i = 0; i < size; i++) {
            proxies.add(new Proxy(clientPorts[i]));
            start(i);
        }
        admin = Admin.create(
                Map.of("bootstrap.servers", direct(), "request.timeout.ms", "3000", "default.api.timeout.ms", "30000"));
    }

    /**
     * Starts the nodes, and does not wait for them.
     *
     * @param classPath with a Kafka of whichever version, and {@link BrokerMain}
     */
    static Cluster start(Path folder, int size, String classPath) {
        return new Cluster(folder, size, classPath);
    }

    /** Where services find it: the proxies. */
    String brokers() {
        return proxies.stream().map(proxy -> HOST + proxy.port()).collect(Collectors.joining(","));
    }

    /** Where the drill itself finds it, whatever the proxies do. */
    String direct() {
        return IntStream.of(directPorts).mapToObj(port -> HOST + port).collect(Collectors.joining(","));
    }

    /** How services log in there. @param passwordFile what holds their password */
    Map<String, String> login(Path passwordFile) {
        return Map.of(
                "kafka.security.protocol",
                "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                MECHANISM,
                "kafka.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"file:%s\";"
                        .formatted(USER, passwordFile.toAbsolutePath()));
    }

    int size() {
        return nodes.length;
    }

    List<Proxy> proxies() {
        return proxies;
    }

    Admin admin() {
        return admin;
    }

    /** Starts a node that does not run, on the folder that it had. */
    void start(int node) {
        var words = new ArrayList<String>();
        words.add(folder(node).toString());
        words.add(id);
        settings(node).forEach((key, value) -> words.add(key + "=" + value));
        nodes[node] = Child.java(
                folder.resolve("broker-" + (node + 1) + ".log"),
                classPath,
                List.of("-Xmx256m"),
                BrokerMain.class.getName(),
                words);
    }

    /** All later starts of nodes are quicker. */
    void archive() {
        Child.archive(nodes[0], classPath, BrokerMain.class.getName());
    }

    /** SIGKILL. */
    void kill(int node) {
        Child.kill(nodes[node]);
    }

    /** The node that leads a partition. */
    int leader(String topic, int partition) {
        try {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                            .filter(info -> info.partition() == partition)
                            .findFirst()
                            .orElseThrow()
                            .leader()
                            .id()
                    - 1;
        } catch (Exception e) {
            throw new IllegalStateException("no leader of " + topic + "-" + partition, e);
        }
    }

    /** The node that leads the metadata quorum. */
    int controller() {
        try {
            return admin.describeMetadataQuorum().quorumInfo().get().leaderId() - 1;
        } catch (Exception e) {
            throw new IllegalStateException("no controller", e);
        }
    }

    /** Returns when every node has answered. */
    void awaitNodes() {
        Awaitility.await("all brokers")
                .atMost(180, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() ->
                        admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).size() == nodes.length);
    }

    /** The services' user may do everything. */
    void letIn() {
        password(PASSWORD);
        wait(admin.createAcls(Stream.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER)
                        .map(type -> entry(
                                type,
                                type == ResourceType.CLUSTER ? "kafka-cluster" : "*",
                                AclOperation.ALL,
                                AclPermissionType.ALLOW))
                        .toList())
                .all());
    }

    /** From now on, the services' user has this one. */
    void password(String password) {
        wait(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)))
                .all());
    }

    /** What the services' user may not do, until it is given back. */
    AclBinding deny(ResourceType type, String name, AclOperation operation) {
        var denied = entry(type, name, operation, AclPermissionType.DENY);
        wait(admin.createAcls(List.of(denied)).all());
        return denied;
    }

    void giveBack(AclBinding denied) {
        wait(admin.deleteAcls(List.of(denied.toFilter())).all());
    }

    /** So many bytes a second, each way, for the services' user; null for as many as there are. */
    void quota(Double bytes) {
        var user = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, USER));
        wait(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        user,
                        Stream.of("consumer_byte_rate", "producer_byte_rate")
                                .map(rate -> new ClientQuotaAlteration.Op(rate, bytes))
                                .toList())))
                .all());
    }

    private static AclBinding entry(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + USER, "*", operation, permission));
    }

    /** Of the drill's own doing, which goes on while the controller changes. */
    static <T> T wait(KafkaFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where each node keeps its partitions. */
    List<Path> folders() {
        return IntStream.range(0, nodes.length).mapToObj(this::folder).toList();
    }

    private Path folder(int node) {
        return folder.resolve("broker-" + (node + 1));
    }

    /** Returns when every replica of these topics is in sync, so that the loss of one node takes nothing away. */
    void awaitInSync(List<String> topics) {
        Awaitility.await("in sync")
                .atMost(90, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> admin.describeTopics(topics).allTopicNames().get(3, TimeUnit.SECONDS).values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.isr().size() == nodes.length));
    }

    private Map<String, String> settings(int node) {
        String voters = IntStream.range(0, nodes.length)
                .mapToObj(i -> (i + 1) + "@" + HOST + controllerPorts[i])
                .collect(Collectors.joining(","));
        int replicas = Math.min(3, nodes.length);
        int inSync = nodes.length >= 3 ? 2 : 1;
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(node + 1)),
                Map.entry(
                        "listeners",
                        "CLIENT://%1$s%2$d,DIRECT://%1$s%3$d,CONTROLLER://%1$s%4$d"
                                .formatted(HOST, clientPorts[node], directPorts[node], controllerPorts[node])),
                Map.entry(
                        "advertised.listeners",
                        "CLIENT://%1$s%2$d,DIRECT://%1$s%3$d"
                                .formatted(HOST, proxies.get(node).port(), directPorts[node])),
                Map.entry(
                        "listener.security.protocol.map",
                        "CLIENT:SASL_PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("sasl.enabled.mechanisms", MECHANISM),
                Map.entry(
                        "listener.name.client.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                Map.entry("super.users", "User:ANONYMOUS"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "DIRECT"),
                Map.entry("controller.quorum.voters", voters),
                Map.entry("controller.quorum.fetch.timeout.ms", "1000"),
                Map.entry("controller.quorum.election.timeout.ms", "600"),
                Map.entry("broker.session.timeout.ms", "2500"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                Map.entry("replica.lag.time.max.ms", "5000"),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("default.replication.factor", Integer.toString(replicas)),
                Map.entry("min.insync.replicas", Integer.toString(inSync)),
                Map.entry("offsets.topic.replication.factor", Integer.toString(replicas)),
                Map.entry("offsets.topic.num.partitions", "3"),
                Map.entry("transaction.state.log.replication.factor", Integer.toString(replicas)),
                Map.entry("transaction.state.log.min.isr", Integer.toString(inSync)),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                Map.entry("group.consumer.min.session.timeout.ms", "1000"),
                Map.entry("group.consumer.session.timeout.ms", "6000"),
                Map.entry("group.consumer.min.heartbeat.interval.ms", "500"),
                Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("background.threads", "2"),
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                Map.entry("log.cleaner.io.buffer.size", "65536"),
                Map.entry("log.index.size.max.bytes", "2097152"));
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
        for (Process node : nodes) {
            Child.kill(node);
        }
        proxies.forEach(Proxy::close);
    }
}
