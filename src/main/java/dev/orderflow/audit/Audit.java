package dev.orderflow.audit;

import dev.orderflow.credentials.DatabasePassword;
import dev.orderflow.delivery.Expectation;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.kafka.TopicScan;
import dev.orderflow.settings.Services;
import dev.orderflow.settings.Settings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.TopicPartition;
import org.postgresql.PGProperty;

/**
 * Counts what the topics hold against what each service did. It can run beside the services: offsets are taken before the
 * snapshot of the database, and what was appended after the beginning only explains what the snapshot shows.
 */
public final class Audit {

    /** The shares of the bar: reading, then comparing. */
    private static final double READ = 0.7;

    /** So many of the oldest records of a partition are asked for a timestamp that can be one. */
    private static final int OLDEST = 1_000;

    private static final String CONNECT_S = "5";

    private final Settings settings;
    private final Map<String, Object> kafka;
    private final String orders;
    private final String events;
    private final String letters;
    private final List<String> added;

    /** @param kafka how to reach the brokers, as a client takes it */
    public Audit(Settings settings, Map<String, Object> kafka) {
        this.settings = settings;
        this.kafka = kafka;
        this.orders = settings.text("orders.topic");
        this.events = settings.text("order-events.topic");
        this.letters = settings.text("orders-dlt.topic");
        this.added = Services.inRoutes(settings);
    }

    /** May take a minute for a million orders. Uses one connection of its own, and temporary tables. */
    public AuditReport run(Progress progress) throws Exception {
        long begin = System.nanoTime();
        var seen = new TopicsSeen();
        try (Connection connection = connection();
                var ledger = new TopicTables(connection, seen);
                var scan = new TopicScan(
                        kafka, "audit", Duration.ofMillis(settings.number("topics.stalledMs")), seen::unread)) {
            Map<TopicPartition, Long> begins = new HashMap<>();
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (String topic : List.of(orders, events)) {
                begins.putAll(scan.begins(scan.partitions(topic)));
                ends.putAll(scan.ends(scan.partitions(topic)));
            }
            read(scan, begins, ends, ledger, progress);
            ledger.flush();
            Set<String> running = committed(connection);
            var report = compare(connection, scan, ends, ledger, since(scan, begins, ends), running, progress)
                    .with(seen);
            return report.took(Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    /** Queries may take longer than the services' connections allow. */
    private Connection connection() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", settings.text("database.user"));
        properties.setProperty("password", settings.text("database.password"));
        DatabasePassword.plugin(settings.text("database.password"))
                .ifPresent(plugin ->
                        properties.setProperty(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName(), plugin));
        properties.setProperty("connectTimeout", CONNECT_S);
        // Of the socket's time, a login would have all.
        properties.setProperty("loginTimeout", CONNECT_S);
        properties.setProperty("socketTimeout", "600");
        properties.setProperty("ApplicationName", "orderflow-audit");
        Connection connection = DriverManager.getConnection(settings.text("database.url"), properties);
        try (var statement = connection.createStatement()) {
            statement.execute("SET work_mem = '128MB'; SET temp_buffers = '64MB'; SET jit = off");
        }
        return connection;
    }

    private void read(
            TopicScan scan,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            TopicTables ledger,
            Progress progress)
            throws Exception {
        long all = ends.entrySet().stream()
                .mapToLong(end -> end.getValue() - begins.get(end.getKey()))
                .sum();
        long[] read = {0};
        scan.read(begins, ends, kafkaRecord -> {
            if (kafkaRecord.topic().equals(orders)) {
                ledger.order(kafkaRecord);
            } else {
                ledger.event(kafkaRecord);
            }
            if (++read[0] % 10_000 == 0) {
                progress.at(READ * read[0] / all, "reading %,d of %,d records".formatted(read[0], all));
            }
        });
    }

    /** Before the snapshot: behind these offsets every receipt must be there. */
    private Set<String> committed(Connection connection) throws Exception {
        Set<String> running = new HashSet<>();
        try (var admin = Admin.create(KafkaClients.impatient(kafka));
                var insert = connection.prepareStatement("INSERT INTO audit_committed VALUES (?, ?, ?, ?)")) {
            var groups = admin.listConsumerGroups().all().get().stream()
                    .map(ConsumerGroupListing::groupId)
                    .toList();
            var described = admin.describeConsumerGroups(groups).describedGroups();
            // All at once: brokers that are gone are waited for once, and not for each group.
            Map<String, ListConsumerGroupOffsetsSpec> all = new HashMap<>();
            groups.forEach(group -> all.put(group, new ListConsumerGroupOffsetsSpec()));
            var listed = admin.listConsumerGroupOffsets(all);
            for (String group : groups) {
                var offsets = listed.partitionsToOffsetAndMetadata(group).get();
                for (var offset : offsets.entrySet()) {
                    insert.setString(1, group);
                    insert.setString(2, offset.getKey().topic());
                    insert.setInt(3, offset.getKey().partition());
                    insert.setLong(
                            4, offset.getValue() == null ? 0 : offset.getValue().offset());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
            for (String group : groups) {
                if (!described.get(group).get().members().isEmpty()) {
                    running.add(group);
                }
            }
        }
        return running;
    }

    private AuditReport compare(
            Connection connection,
            TopicScan scan,
            Map<TopicPartition, Long> ends,
            TopicTables ledger,
            Instant since,
            Set<String> running,
            Progress progress)
            throws Exception {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (var statement = connection.createStatement()) {
            // The snapshot is taken here, and not by what comes later.
            statement.execute("SELECT 1 FROM delivery.receipts LIMIT 1");
        }
        ledger.tail();
        var parts = List.copyOf(ends.keySet());
        scan.read(ends, scan.ends(parts), kafkaRecord -> {
            if (kafkaRecord.topic().equals(orders)) {
                ledger.order(kafkaRecord);
            } else {
                ledger.event(kafkaRecord);
            }
        });
        var dead = scan.partitions(letters);
        scan.read(scan.begins(dead), scan.ends(dead), ledger::letter);
        ledger.flush();
        var comparison = new Reconciliation(connection, orders, events, since);
        progress.at(READ, "sorting");
        comparison.prepare();
        List<Findings> findings = new ArrayList<>();
        List<String> services = comparison.services(added);
        for (int i = 0; i < services.size(); i++) {
            progress.at(READ + (0.95 - READ) * (i + 1) / services.size(), "comparing " + services.get(i));
            findings.add(comparison.of(services.get(i)));
        }
        findings.stream().filter(found -> !isThere(found.service, running)).forEach(Findings::removed);
        comparison.saidTwice(findings);
        var stock = comparison.stock();
        var passed = comparison.passed();
        connection.rollback();
        progress.at(1, "done");
        return new AuditReport(findings, stock, passed, new TopicsSeen(), Duration.ZERO);
    }

    /** A service of ours, one that has a file here, or one that some process runs. */
    private boolean isThere(String service, Set<String> running) {
        return running.contains(service)
                || added.contains(service)
                || Expectation.told().stream()
                        .anyMatch(expectation -> expectation.service().equals(service));
    }

    /**
     * Where records have left a topic, the time of the oldest that is left, by a timestamp that can be one; where all
     * have, now: of what is older nobody can say whether its order was there. Else the beginning.
     */
    private Instant since(TopicScan scan, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends)
            throws Exception {
        Instant now = Instant.now();
        Map<TopicPartition, Long> from = new HashMap<>();
        Map<TopicPartition, Long> to = new HashMap<>();
        boolean empty = true;
        for (var begin : begins.entrySet()) {
            TopicPartition partition = begin.getKey();
            if (partition.topic().equals(orders)) {
                long end = ends.get(partition);
                empty &= begin.getValue() >= end;
                if (begin.getValue() > 0) {
                    from.put(partition, begin.getValue());
                    to.put(partition, Math.min(begin.getValue() + OLDEST, end));
                }
            }
        }
        if (empty || from.entrySet().stream().anyMatch(begin -> begin.getValue() >= to.get(begin.getKey()))) {
            return now;
        }
        Map<Integer, Instant> oldest = new HashMap<>();
        scan.read(from, to, kafkaRecord -> {
            Instant time = Instant.ofEpochMilli(kafkaRecord.timestamp());
            if (time.isAfter(Instant.EPOCH) && !time.isAfter(now)) {
                oldest.putIfAbsent(kafkaRecord.partition(), time);
            }
        });
        return from.keySet().stream()
                .map(partition -> oldest.getOrDefault(partition.partition(), now))
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }
}
