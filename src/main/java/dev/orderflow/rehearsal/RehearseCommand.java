package dev.orderflow.rehearsal;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileCheck;
import dev.orderflow.check.RouteFileRefused;
import dev.orderflow.credentials.DatabasePassword;
import dev.orderflow.delivery.RehearsalDelivery;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Secrets;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * {@code orderflow routes rehearse}: plays an edited service over the last real orders, one order a transaction that is
 * rolled back, and tells what would have come out otherwise. It leaves nothing, in no topic, table, group or mailbox.
 */
public final class RehearseCommand {

    /** Every order came out, the same or changed. */
    static final int PLAYED = 0;
    /** The version is refused, or fails on some order. */
    static final int FAILED = 1;
    /** Nothing is known of the version. */
    public static final int NOT_PLAYED = 2;

    private static final int CONNECT_S = 5;
    /** As the services' own connections have it. */
    private static final int ANSWER_S = 30;

    private final Settings settings;
    private final PrintStream out;
    private final PrintStream err;
    private final RehearsedFiles files;
    private final RehearsalReport report;

    /** Whether the version is the running one, which is not played twice. */
    private boolean isRunning;

    /**
     * @param out gets what is found
     * @param err gets why nothing is known
     */
    public RehearseCommand(Settings settings, PrintStream out, PrintStream err) {
        this.settings = settings;
        this.out = out;
        this.err = err;
        this.files = new RehearsedFiles(settings);
        this.report = new RehearsalReport(out);
    }

    /** @param path of the edited file; {@code count} how many orders at most */
    public int run(Path path, int count) {
        try {
            return rehearse(path, count);
        } catch (RouteFileRefused e) {
            out.println(e.getMessage());
            out.println("It is refused, so it was not rehearsed.");
            return FAILED;
        } catch (CannotStart e) {
            return notPlayed(e.getMessage());
        } catch (SQLException e) {
            return notPlayed("the database does not answer: " + Causes.named(e));
        } catch (KafkaException e) {
            return notPlayed("the brokers do not answer: " + Causes.named(e));
        } catch (Exception e) {
            return notPlayed(Causes.named(e));
        }
    }

    private int notPlayed(String sentence) {
        err.println("It could not be rehearsed: " + Secrets.masked(sentence));
        return NOT_PLAYED;
    }

    private int rehearse(Path path, int count) throws Exception {
        RouteFile file = files.read(path);
        List<RouteFile> beside = files.beside(path);
        List<RouteFile> shared = beside.stream().filter(RouteFile::isShared).toList();
        new RouteFileCheck(settings.asProperties(), Optional.of(database()), Set.of()).check(file, beside);
        Map<String, List<ConsumerRecord<String, byte[]>>> orders;
        try (var topics = new LastOrders(
                KafkaClients.properties(settings), Duration.ofMillis(settings.number("topics.stalledMs")))) {
            orders = topics.read(settings.text("orders.topic"), settings.text("order-events.topic"), count);
        }
        if (orders.isEmpty()) {
            throw new CannotStart("the topic '%s' holds no order".formatted(settings.text("orders.topic")));
        }
        var running = files.running(file.name());
        isRunning = running.isPresent() && running.get().version().equals(file.version());
        try (var undone = new RollbackOnlyDataSource(connection(), settings.number("rehearsal.lockWaitMs"));
                var edited = new RehearsalRun(file, shared, settings.asProperties(), undone);
                var before = running.isPresent() && !isRunning
                        ? new RehearsalRun(running.get(), shared, settings.asProperties(), undone)
                        : null) {
            if (edited.isEmpty()) {
                throw new CannotStart("%s has no route that acts on orders".formatted(file.name()));
            }
            out.println("%s: version %s on the last %d orders%s"
                    .formatted(
                            file.name(),
                            file.version(),
                            orders.size(),
                            running.map(one -> ", against version " + one.version())
                                    .orElse("")));
            play(file.service(), edited, Optional.ofNullable(before), orders);
            report.summary(file, running);
        }
        return report.hasFailures() ? FAILED : PLAYED;
    }

    private void play(
            String service,
            RehearsalRun edited,
            Optional<RehearsalRun> before,
            Map<String, List<ConsumerRecord<String, byte[]>>> orders)
            throws SQLException {
        Map<String, RehearsalDelivery.KeptReceipt> receipts = receipts(service, orders.keySet());
        for (var order : orders.entrySet()) {
            UUID id = UUID.fromString(order.getKey());
            Map<String, RehearsalDelivery.KeptReceipt> own = new HashMap<>();
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            for (var kafkaRecord : order.getValue()) {
                var event = edited.eventId(kafkaRecord);
                // What the running version has not come to yet, it will do before long, and we must not stand in its
                // way.
                boolean known = event.isPresent() && receipts.containsKey(event.get());
                if (event.isPresent() && (known || receipts.isEmpty())) {
                    records.add(kafkaRecord);
                    if (known) {
                        own.put(event.get(), receipts.get(event.get()));
                    }
                }
            }
            if (records.isEmpty()) {
                report.waiting();
            } else {
                play(id, own, records, edited, before);
            }
        }
    }

    private void play(
            UUID id,
            Map<String, RehearsalDelivery.KeptReceipt> receipts,
            List<ConsumerRecord<String, byte[]>> records,
            RehearsalRun edited,
            Optional<RehearsalRun> before)
            throws SQLException {
        Map<String, Instant> at = new HashMap<>();
        receipts.forEach((event, receipt) -> at.put(event, receipt.at()));
        RehearsalOutcome then = then(receipts, edited.rows(id));
        RehearsalOutcome after;
        try {
            after = edited.outcome(id, records, at);
        } catch (RehearsalRun.OrderFailed e) {
            report.failed(id, e.getMessage());
            return;
        }
        Optional<RehearsalOutcome> now = isRunning ? Optional.of(after) : Optional.empty();
        if (before.isPresent()) {
            now = now(before.get(), id, records, at);
        }
        report.played(id, then, now, after);
    }

    /** What the running version makes of it today; empty when it fails. */
    private static Optional<RehearsalOutcome> now(
            RehearsalRun running, UUID id, List<ConsumerRecord<String, byte[]>> records, Map<String, Instant> at)
            throws SQLException {
        try {
            return Optional.of(running.outcome(id, records, at));
        } catch (RehearsalRun.OrderFailed e) {
            return Optional.empty();
        }
    }

    private static RehearsalOutcome then(
            Map<String, RehearsalDelivery.KeptReceipt> receipts, Map<String, List<String>> rows) {
        Map<String, String> said = new HashMap<>();
        receipts.values().forEach(receipt -> said.putAll(receipt.said()));
        return receipts.values().stream()
                .flatMap(receipt -> receipt.parked().stream())
                .findFirst()
                .map(cause -> RehearsalOutcome.parked(cause, rows))
                .orElseGet(() -> RehearsalOutcome.of(said, rows, List.of()));
    }

    private Map<String, RehearsalDelivery.KeptReceipt> receipts(String service, Collection<String> orders)
            throws SQLException {
        try (var connection = connection()) {
            return RehearsalDelivery.receipts(
                    connection, service, orders.stream().map(UUID::fromString).toList());
        }
    }

    private PGSimpleDataSource database() {
        var database = new PGSimpleDataSource();
        database.setUrl(settings.text("database.url"));
        database.setUser(settings.text("database.user"));
        database.setPassword(settings.text("database.password"));
        // A server that takes the connection and says nothing is waited for no longer than one that is away.
        database.setConnectTimeout(CONNECT_S);
        database.setLoginTimeout(CONNECT_S);
        database.setSocketTimeout(ANSWER_S);
        DatabasePassword.plugin(settings.text("database.password"))
                .ifPresent(database::setAuthenticationPluginClassName);
        return database;
    }

    private Connection connection() throws SQLException {
        return database().getConnection();
    }
}
