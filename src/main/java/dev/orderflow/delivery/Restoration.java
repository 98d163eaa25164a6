package dev.orderflow.delivery;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Times;
import dev.orderflow.events.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes a service's effects and receipts again from what it said on the topics, where its database has forgotten them.
 * What was said is then a repeat when its cause is read again, and is not decided anew. The service must stand still.
 */
public final class Restoration {

    /** What was said, as it was read, and as its receipt keeps it. */
    private record Spoken(Event event, String heard, OutboundEvent said) {}

    private final DataSource database;
    private final String service;
    private final Restores restores;
    private final Receipts receipts;
    private final TransactionTemplate template;

    public Restoration(DataSource database, String service, Restores restores) {
        this.database = database;
        this.service = service;
        this.restores = restores;
        this.receipts = new Receipts(database, service);
        this.template = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /**
     * Makes these again, in one transaction; records that are not of this service, or known, are passed.
     *
     * @param told gets what an operator should look at
     * @return how many effects that were
     */
    public int restore(List<ConsumerRecord<byte[], byte[]>> records, List<String> told) {
        List<Spoken> spoken = new ArrayList<>(records.size());
        records.forEach(kafkaRecord -> read(kafkaRecord).ifPresent(spoken::add));
        if (spoken.isEmpty()) {
            return 0;
        }
        return template.execute(transaction -> {
            try {
                return restoreAll(spoken, told);
            } catch (SQLException e) {
                throw new EffectTransaction.TransactionFailed(e);
            }
        });
    }

    private int restoreAll(List<Spoken> spoken, List<String> told) throws SQLException {
        Map<String, InboundEvent> heard = new LinkedHashMap<>();
        Set<String> some = new HashSet<>();
        List<Event> again = new ArrayList<>(spoken.size());
        Map<String, Receipts.Receipt> known = receipts.known(items(spoken));
        for (Spoken one : spoken) {
            if (one.heard().equals(Restores.SOME)) {
                // A repeat stands on the topic twice.
                if (some.add(one.event().id())) {
                    again.add(one.event());
                }
                continue;
            }
            var cause =
                    new Event(one.event().orderId(), one.heard(), one.event().time(), null);
            var receipt = known.get(cause.id());
            // What was parked and said nonetheless was done by a later try. Of two that were said the first stands.
            if ((receipt == null || receipt.parked()) && !heard.containsKey(cause.id())) {
                InboundEvent item = new InboundEvent(null, null, cause, receipt == null ? 1 : receipt.attempt() + 1);
                item.outcome = OutboundEvent.outcome(List.of(one.said()));
                heard.put(cause.id(), item);
                again.add(one.event());
            }
        }
        Connection connection = DataSourceUtils.getConnection(database);
        try {
            told.addAll(restores.restore(connection, again));
        } finally {
            DataSourceUtils.releaseConnection(connection, database);
        }
        if (!heard.isEmpty()) {
            receipts.write(List.copyOf(heard.values()), false);
        }
        return heard.size();
    }

    private static List<InboundEvent> items(List<Spoken> spoken) {
        return spoken.stream()
                .map(one -> new InboundEvent(null, null, one.event(), 1))
                .toList();
    }

    private Optional<Spoken> read(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Headers headers = kafkaRecord.headers();
        String type = CloudEvents.shortType(RecordHeaders.text(headers, CloudEvents.TYPE));
        if (kafkaRecord.value() == null
                || type.isEmpty()
                || !RecordHeaders.text(headers, CloudEvents.SOURCE).equals(OutboundEvent.SOURCE + service)) {
            return Optional.empty();
        }
        try {
            Event event = RecordReader.other(headers, type, kafkaRecord.value());
            return restores.answers(event)
                    .map(heard -> new Spoken(
                            event,
                            heard,
                            new OutboundEvent(
                                    type,
                                    Times.text(event.time()),
                                    new String(kafkaRecord.value(), StandardCharsets.UTF_8),
                                    event.routeVersion())));
        } catch (UnreadableException e) {
            // Not one of ours then, whatever its source says: the audit names it.
            return Optional.empty();
        }
    }
}
