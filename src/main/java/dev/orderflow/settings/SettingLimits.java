package dev.orderflow.settings;

import static dev.orderflow.settings.Setting.addresses;
import static dev.orderflow.settings.Setting.anyCase;
import static dev.orderflow.settings.Setting.choice;
import static dev.orderflow.settings.Setting.databaseAddress;
import static dev.orderflow.settings.Setting.filled;
import static dev.orderflow.settings.Setting.flag;
import static dev.orderflow.settings.Setting.hoursOrForever;
import static dev.orderflow.settings.Setting.httpAddress;
import static dev.orderflow.settings.Setting.millis;
import static dev.orderflow.settings.Setting.number;
import static dev.orderflow.settings.Setting.pattern;
import static dev.orderflow.settings.Setting.port;
import static dev.orderflow.settings.Setting.text;
import static dev.orderflow.settings.Setting.topic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each setting of {@code application.properties} may be: its type, its unit, its range. The order is that of the
 * file. Where one word alone is allowed, a promise of docs/guarantees.md rests on it.
 */
final class SettingLimits {

    private static final int GIGABYTE = 1_073_741_824;
    private static final int HOURS_MAX = 1_000_000;
    private static final String[] COMPRESSIONS = {"none", "lz4", "zstd", "snappy", "gzip"};
    private static final String[] STORES = {"JKS", "PKCS12", "PEM", ""};
    private static final String BYTES_IN = "org.apache.kafka.common.serialization.ByteArrayDeserializer";
    private static final String BYTES_OUT = "org.apache.kafka.common.serialization.ByteArraySerializer";

    private static final List<Setting> ROWS = List.of(
            filled("orderflow.services"),
            filled("orderflow.routes.dir"),
            flag("live.enabled"),
            millis("live.pollMs", 50, 60_000),
            millis("live.joinMs", 500, 60_000),
            millis("live.probationMs", 100, 600_000),
            number("rehearsal.ordersMax", "orders", 1, 1_000_000),
            millis("rehearsal.lockWaitMs", 10, 600_000),
            filled("orderflow.data.dir"),
            filled("orderflow.http.host"),
            port("orderflow.http.port"),
            port("orderflow.management.port"),
            filled("orderflow.management.host"),
            millis("orderflow.warmUpMs", 0, 60_000),
            anyCase("log.level", "OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"),
            // Kafka
            addresses("kafka.brokers"),
            choice("kafka.group.protocol", "classic", "consumer"),
            choice("kafka.security.protocol", "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
            text("kafka.sasl.mechanism"),
            text("kafka.sasl.jaas.config").hidden(),
            text("kafka.ssl.truststore.location"),
            text("kafka.ssl.truststore.password").hidden(),
            choice("kafka.ssl.truststore.type", STORES),
            text("kafka.ssl.keystore.location"),
            text("kafka.ssl.keystore.password").hidden(),
            choice("kafka.ssl.keystore.type", STORES),
            text("kafka.ssl.key.password").hidden(),
            topic("orders.topic"),
            topic("order-events.topic"),
            topic("orders-dlt.topic"),
            number("orders.partitions", "partitions", 1, 10_000),
            choice("topics.create", "auto", "true", "false"),
            millis("topics.stalledMs", 1_000, 3_600_000),
            hoursOrForever("orders.retentionHours", HOURS_MAX),
            hoursOrForever("orders-dlt.retentionHours", HOURS_MAX),
            number("orders.recordBytesMax", "bytes", 65_536, 100_000_000),
            // PostgreSQL
            databaseAddress("database.url"),
            text("database.user"),
            text("database.password").hidden(),
            // Flyway holds two at once: one for the migrations, one for their history.
            number("database.connectionsMax", "connections", 2, 1_000),
            millis("database.transactionIdleMs", 0, 86_400_000),
            millis("database.lockWaitMs", 100, 25_000),
            millis("database.startWaitMs", 0, 3_600_000),
            flag("database.migrate"),
            // Delivery
            millis("delivery.retryDelayMs", 1, 60_000),
            millis("delivery.retryDelayMsMax", 1, 600_000),
            millis("delivery.putOffMs", 0, 86_400_000),
            number("delivery.parkedMax", "records", 0, 1_000_000),
            number("delivery.parkedWindow", "records", 1, 1_000_000),
            hoursOrForever("delivery.receipts.retentionHours", HOURS_MAX),
            millis("delivery.receipts.removeEveryMs", 1_000, 604_800_000),
            number("delivery.batchRecordsMax", "records", 1, 100_000),
            millis("delivery.openTransactionMs", 1_000, 86_400_000),
            number("delivery.consumers", "consumers", 1, 1_000),
            // Services
            pattern("shipping.homeCountry", "two capital letters, such as DE", "[A-Z]{2}"),
            pattern("notification.from", "a mail address", ".*[^\\s<]@[^\\s>].*"),
            filled("notification.channel"),
            pattern("notification.smtp", "smtp://host:port or smtps://host:port", "smtps?:.+")
                    .hidden(),
            number("notification.batchRecordsMax", "records", 1, 10_000),
            millis("notification.batchMs", 1, 240_000),
            number("notification.connections", "connections", 1, 1_000),
            number("notification.mailsPerSecond", "mails a second", 0, 1_000_000),
            // Reading
            number("reading.threads", "threads", 1, 64),
            number("reading.waitingMax", "calls", 1, 1_000_000),
            millis("status.firstSightMs", 0, 30_000),
            number("status.waitSecondsMax", "seconds", 0, 300),
            millis("status.pollMs", 5, 1_000),
            number("status.waitersMax", "calls", 0, 1_000_000),
            // Redrive and audit
            number("redrive.attemptsMax", "attempts", 1, 1_000),
            number("redrive.ratePerSecond", "records a second", 1, 100_000),
            millis("redrive.leaseMs", 40_000, 3_600_000),
            hoursOrForever("redrive.keptHours", HOURS_MAX),
            number("audit.everyMinutes", "minutes", 0, 10_080),
            millis("audit.answerMs", 1, 55_000),
            httpAddress("cli.url"),
            pattern("cli.token", "of visible ASCII characters alone, or empty", "[!-~]*")
                    .hidden(),
            millis("cli.answerMs", 100, 3_600_000),
            number("cli.answerBytesMax", "bytes", 65_536, GIGABYTE),
            millis("cli.waitMs", 100, 86_400_000),
            choice("inventory.seed", "auto", "true", "false"),
            // Camel
            filled("camel.main.name"),
            flag("camel.main.jmxEnabled"),
            flag("camel.main.streamCachingEnabled"),
            flag("camel.main.autoConfigurationLogSummary"),
            choice("camel.main.startupSummaryLevel", "Default", "Oneline", "Brief", "Verbose", "Off"),
            number("camel.main.shutdownTimeout", "seconds", 1, 3_600),
            choice("camel.component.smtp.configuration", "#class:dev.orderflow.notification.MailConnections"),
            choice("camel.component.smtps.configuration", "#class:dev.orderflow.notification.MailConnections"),
            addresses("camel.component.kafka.brokers"),
            choice("camel.component.kafka.headerFilterStrategy", "#class:dev.orderflow.delivery.RecordHeaders"),
            choice("camel.component.kafka.autoCommitEnable", "false"),
            choice("camel.component.kafka.allowManualCommit", "true"),
            choice("camel.component.kafka.breakOnFirstError", "true"),
            choice("camel.component.kafka.autoOffsetReset", "earliest"),
            choice("camel.component.kafka.isolationLevel", "read_committed"),
            choice("camel.component.kafka.keyDeserializer", BYTES_IN),
            choice("camel.component.kafka.valueDeserializer", BYTES_IN),
            choice("camel.component.kafka.pollExceptionStrategy", "#class:dev.orderflow.delivery.ReconnectFromCommits"),
            choice("camel.component.kafka.kafkaClientFactory", "#class:dev.orderflow.delivery.ReconnectingClients"),
            millis("camel.component.kafka.sessionTimeoutMs", 1_000, 1_800_000),
            millis("camel.component.kafka.heartbeatIntervalMs", 100, 600_000),
            number("camel.component.kafka.consumersCount", "consumers", 1, 1_000),
            number("camel.component.kafka.maxPollRecords", "records", 1, 100_000),
            millis("camel.component.kafka.pollTimeoutMs", 1, 60_000),
            millis("camel.component.kafka.batchingIntervalMs", 1, 60_000),
            millis("camel.component.kafka.shutdownTimeout", 0, 600_000),
            choice("camel.component.kafka.synchronous", "true"),
            choice("camel.component.kafka.batchWithIndividualHeaders", "true"),
            flag("camel.component.kafka.recordMetadata"),
            choice("camel.component.kafka.requestRequiredAcks", "all"),
            flag("camel.component.kafka.enableIdempotence"),
            millis("camel.component.kafka.lingerMs", 0, 60_000),
            choice("camel.component.kafka.compressionCodec", COMPRESSIONS),
            number("camel.component.kafka.producerBatchSize", "bytes", 0, GIGABYTE),
            number("camel.component.kafka.maxRequestSize", "bytes", 65_536, 200_000_000),
            choice("camel.component.kafka.keySerializer", BYTES_OUT),
            choice("camel.component.kafka.valueSerializer", BYTES_OUT),
            // The embedded parts
            port("local.kafka.port"),
            port("local.postgres.port"),
            text("local.postgres.dir"),
            // Door
            text("door.tokens").hidden(),
            number("door.workers", "threads", 1, 1_000),
            number("door.queueMax", "calls", 1, 1_000_000),
            millis("door.idleTimeoutMs", 1_000, 3_600_000),
            millis("door.exchangeTimeoutMs", 1_000, 86_400_000),
            millis("door.requestTimeoutMs", 100, 600_000),
            number("door.headerBytesMax", "bytes", 1_024, 1_048_576),
            // Intake
            choice("intake.engine", "async", "stock"),
            millis("intake.ackTimeoutMs", 500, 600_000),
            millis("intake.maxBlockMs", 10, 60_000),
            number("intake.inFlightMax", "orders", 1, 1_000_000),
            number("intake.bodyBytesMax", "bytes", 1_024, GIGABYTE),
            number("intake.bulkLinesMax", "lines", 1, 1_000_000),
            number("intake.bulkBytesMax", "bytes", 1_024, GIGABYTE),
            number("intake.bulkThreads", "threads", 1, 100),
            millis("intake.lingerMs", 0, 1_000),
            millis("intake.bulkLingerMs", 0, 1_000),
            choice("intake.compression", COMPRESSIONS),
            number("intake.batchBytes", "bytes", 0, GIGABYTE),
            number("intake.bufferBytes", "bytes", 65_536, GIGABYTE),
            number("intake.keys.threads", "threads", 1, 100),
            number("intake.keys.retentionHours", "hours", 1, 87_600),
            // Operation
            millis("operate.lookMs", 100, 600_000),
            millis("operate.graceMs", 100, 600_000),
            millis("operate.waitMs", 100, 600_000),
            millis("operate.lagMs", 100, 600_000),
            flag("camel.health.routesEnabled"),
            flag("camel.health.consumersEnabled"),
            flag("camel.health.producersEnabled"));

    private static final Map<String, Setting> BY_KEY = byKey();

    private SettingLimits() {}

    private static Map<String, Setting> byKey() {
        var rows = new LinkedHashMap<String, Setting>();
        ROWS.forEach(row -> rows.put(row.key(), row));
        return rows;
    }

    static List<Setting> rows() {
        return ROWS;
    }

    /** @throws IllegalArgumentException when there is no such setting */
    static Setting row(String key) {
        Setting row = BY_KEY.get(key);
        if (row == null) {
            throw new IllegalArgumentException("There is no setting '" + key + "'. See application.properties.");
        }
        return row;
    }
}
