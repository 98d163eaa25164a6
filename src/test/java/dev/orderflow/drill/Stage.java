package dev.orderflow.drill;

import dev.orderflow.drill.Evidence.Destroyed;
import dev.orderflow.drill.Evidence.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Everything that a drill plays on: brokers, database, the production build in several processes, and a shop's stock. */
final class Stage implements AutoCloseable {

    static final String ORDERS = "orders";
    static final String EVENTS = "order-events";
    static final String DEAD_LETTERS = "orders-dlt";
    static final Set<String> TOPICS = Set.of(ORDERS, EVENTS, DEAD_LETTERS);
    static final int PARTITIONS = 3;

    private static final Map<String, Long> SEEDED = Map.of(Client.PLENTY, 1_000_000_000L, Client.SCARCE, 200L);
    static final String FRONT = "front";

    final Cluster cluster;
    final Postgres postgres;
    final History history = new History();
    final HealthWatch watch;

    /** What faults took from services. */
    private final Set<Destroyed> destroyed = ConcurrentHashMap.newKeySet();

    /** Records that a fault took from everybody, when all services but one had done them. */
    private final List<Line> gone = new CopyOnWriteArrayList<>();

    private final Path passwordFile;

    private static final long NEARLY = 40;
    private static final int NEWEST = 600;

    private final Path folder;
    private final Map<String, String> shared = new HashMap<>();
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private Client client;
    private Set<String> redriven = Set.of();
    private int newcomers;
    private int halts;
    private volatile long behind;
    private volatile boolean closed;

    private Stage(Path folder, int brokers, String kafka, Map<String, String> settings) {
        this.folder = folder;
        cluster = Cluster.start(folder, brokers, kafka);
        postgres = Postgres.start(folder.resolve("database"));
        cluster.awaitNodes();
        cluster.letIn();
        postgres.execute(RouteFolder.LEDGER_TABLE);
        passwordFile = folder.resolve("password");
        passwordFile(Cluster.PASSWORD);
        watch = new HealthWatch(folder.resolve("health.log"));
        shared.put("kafka.brokers", cluster.brokers());
        shared.putAll(cluster.login(passwordFile));
        shared.put(
                "orderflow.routes.dir",
                RouteFolder.write(folder.resolve("routes")).toString());
        shared.put("topics.create", "true");
        shared.put("inventory.seed", "false");
        // The embedded database takes 60 connections, and five processes, a newcomer and the drill share them.
        shared.put("database.connectionsMax", "8");
        // Short, so that a death is noticed in seconds; small batches, so that a fault finds more seams.
        shared.put("camel.component.kafka.sessionTimeoutMs", "6000");
        shared.put("camel.component.kafka.heartbeatIntervalMs", "1000");
        shared.put("delivery.batchRecordsMax", "200");
        // Ten JVMs share two cores: fuller fetches and batches, and no warming up, leave them to the orders and to
        // those that start.
        shared.put("camel.component.kafka.fetchMinBytes", "1000000");
        shared.put("camel.component.kafka.fetchWaitMaxMs", "100");
        shared.put("camel.component.kafka.pollTimeoutMs", "100");
        shared.put("camel.component.kafka.batchingIntervalMs", "100");
        shared.put("orderflow.warmUpMs", "0");
        // So that what hangs for seconds is told while the drill waits.
        shared.put("delivery.openTransactionMs", "3000");
        shared.putAll(settings);
    }

    /**
     * @param roles services of each process by its name, comma separated; {@code front}, which clients and operators
     *     call, has intake, status and redrive where it is not among them
     * @param settings of every process, over the drill's own
     */
    static Stage start(int brokers, Map<String, String> roles, Map<String, String> settings) {
        return start(brokers, System.getProperty("java.class.path"), roles, settings);
    }

    /** The same on brokers of another class path. */
    static Stage start(int brokers, String kafka, Map<String, String> roles, Map<String, String> settings) {
        var stage = new Stage(newFolder(), brokers, kafka, settings);
        try {
            stage.raise(roles);
            return stage;
        } catch (RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "drill")), "run-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All start together; nothing arrives before the stock and what makes some orders poison are there. */
    private void raise(Map<String, String> roles) {
        add(FRONT, roles.getOrDefault(FRONT, "intake,status,redrive"));
        new TreeMap<>(roles).forEach((name, services) -> {
            if (!name.equals(FRONT)) {
                add(name, services);
            }
        });
        front().awaitReady();
        postgres.execute("ALTER TABLE shipping.shipment ADD CONSTRAINT drill_poison CHECK (pieces IS DISTINCT FROM "
                + Client.POISON_PIECES + ")");
        SEEDED.forEach((sku, onHand) ->
                postgres.execute("INSERT INTO inventory.stock(sku, on_hand) VALUES ('%s', %d)".formatted(sku, onHand)));
        instances.values().forEach(Instance::awaitReady);
        instances.values().forEach(instance -> watch.add(instance, instance == front()));
        cluster.archive();
        front().archive();
    }

    private Instance add(String name, String services) {
        var instance = new Instance(name, services, folder, shared, postgres).start();
        instances.put(name, instance);
        return instance;
    }

    /** Starts each process again with another setting, one after the other while the rest go on. */
    void change(String setting, String value) {
        shared.put(setting, value);
        instances.values().forEach(instance -> instance.restartWith(setting, value));
    }

    /** One more inventory, for a while. */
    Instance newcomer() {
        newcomers++;
        return new Instance("inventory-new-" + newcomers, "inventory", folder, shared, postgres)
                .start()
                .awaitReady();
    }

    Instance front() {
        return instances.get(FRONT);
    }

    List<Instance> instances() {
        return List.copyOf(instances.values());
    }

    Path folder() {
        return folder;
    }

    void open(long seed, int perSecond) {
        open(front().url(), seed, perSecond);
    }

    void open(String url, long seed, int perSecond) {
        var watch = new Thread(this::watchBehind, "behind");
        watch.setDaemon(true);
        watch.start();
        client = new Client(url, cluster.direct(), ORDERS, history, seed, perSecond, () -> behind).start();
    }

    /** How many of the newest accepted orders wait for the slowest service. */
    private void watchBehind() {
        while (!closed) {
            try (var connection = postgres.connect();
                    var statement = connection.prepareStatement(
                            "SELECT count(*) FROM delivery.receipts WHERE service = 'notification' AND event = 'order-placed' AND order_id = ANY (?)")) {
                while (!closed) {
                    var newest = history.newest(NEWEST);
                    statement.setArray(1, connection.createArrayOf("uuid", newest.toArray()));
                    try (var row = statement.executeQuery()) {
                        row.next();
                        behind = newest.size() - row.getLong(1);
                    }
                    Fault.pause(500);
                }
            } catch (SQLException e) {
                Fault.pause(500);
            }
        }
    }

    /**
     * Returns when what was accepted is nearly done, or after a while: a fault that strikes into the backlog of the one
     * before it would be told with that backlog as its recovery.
     */
    void awaitNearlyDone() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (behind > NEARLY && System.nanoTime() < until) {
            Fault.pause(100);
        }
    }

    /** No new orders; every unknown one is asked for again for some time. */
    void shut() {
        client.settle(Duration.ofSeconds(40));
    }

    /** Waits until every group has committed all that it hears; false when it does not come to that. */
    boolean quiet(Duration limit) {
        try {
            Awaitility.await("quiet")
                    .atMost(limit)
                    .pollInterval(500, TimeUnit.MILLISECONDS)
                    .ignoreExceptions()
                    .until(() -> look().lag() == 0);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** Mends what made some orders poison for shipping, and has every other of them redriven, by two people at once. */
    int redrive() {
        postgres.execute("ALTER TABLE shipping.shipment DROP CONSTRAINT drill_poison");
        redriven = operators().redriveEveryOther("shipping", look().parked("shipping"));
        return redriven.size();
    }

    /** What the services log in with, from their next connection on. */
    void passwordFile(String password) {
        try {
            Files.writeString(passwordFile, password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Operators operators() {
        return new Operators(front().url());
    }

    /** A service can never do these offsets. */
    void destroyed(Destroyed offsets) {
        destroyed.add(offsets);
    }

    /** Keeps the records of a partition before an offset, which are about to go. */
    void keep(TopicPartition partition, long before) {
        gone.addAll(look().lines(partition.topic()).stream()
                .filter(line -> line.partition() == partition.partition() && line.offset() < before)
                .filter(line -> !line.header(Evidence.FOREIGN).equals(Evidence.IGNORED))
                .toList());
    }

    /** The groups of all services that read a topic. */
    static List<String> readers(String topic) {
        return Checker.HEARS.entrySet().stream()
                .filter(service -> topic.equals(ORDERS) || service.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Where a group stands; -1 while it does not. */
    long committed(String group, TopicPartition partition) {
        var committed = Cluster.wait(
                        cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(partition);
        return committed == null ? -1 : committed.offset();
    }

    boolean isEmpty(String group) {
        return Cluster.wait(cluster.admin()
                        .describeConsumerGroups(List.of(group))
                        .describedGroups()
                        .get(group))
                .members()
                .isEmpty();
    }

    /** Returns when the loss of one broker would take nothing away. */
    void awaitBrokers() {
        cluster.awaitNodes();
        cluster.awaitInSync(List.copyOf(TOPICS));
    }

    /** Each step in its turn. */
    Halt.Step nextHalt() {
        return Halt.Step.values()[halts++ % Halt.Step.values().length];
    }

    Evidence evidence() {
        return look().evidence(
                        history, SEEDED, redriven, gone, destroyed, operators().audit());
    }

    private Look look() {
        return new Look(cluster.direct(), cluster.admin(), postgres, ORDERS, EVENTS, DEAD_LETTERS);
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        if (client != null) {
            client.close();
        }
        instances.values().forEach(Instance::close);
        cluster.close();
        postgres.close();
    }
}
