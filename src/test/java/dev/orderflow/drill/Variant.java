package dev.orderflow.drill;

import dev.orderflow.kafka.KafkaHeaders;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Ways to do it wrong, each of which the checker must catch; and the way it is. */
enum Variant {
    SOUND,
    /** Effects are committed one by one, whatever becomes of their receipts. */
    RECEIPT_OUTSIDE_THE_TRANSACTION {
        @Override
        Processor steps(DrilledOnce once, Processor steps) {
            return exchange -> {
                var outside = new TransactionTemplate(new JdbcTransactionManager(database(exchange)));
                outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
                outside.executeWithoutResult(none -> run(steps, exchange));
            };
        }
    },
    /** The batch's offsets are committed before anything is done. */
    OFFSET_BEFORE_THE_COMMIT {
        @Override
        Processor batch(Processor once) {
            return batch -> {
                Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
                for (Exchange kafkaRecord : records(batch)) {
                    var place = place(kafkaRecord);
                    next.put(place.getPartition(), new OffsetAndMetadata(place.getRecordOffset() + 1));
                }
                consumer(batch).commitSync(next);
                once.process(batch);
            };
        }
    },
    /** What Kafka's own commit does with batches: the consumer's position, whatever is still to be done. */
    BATCH_AUTO_COMMIT {
        @Override
        Processor batch(Processor once) {
            return batch -> {
                consumer(batch).commitSync();
                once.process(batch);
            };
        }
    },
    /** A batch that fails is logged and left behind. */
    SKIP_ON_EXCEPTION {
        @Override
        Processor steps(DrilledOnce once, Processor steps) {
            return exchange -> {
                try {
                    steps.process(exchange);
                } catch (Exception e) {
                    exchange.setException(e);
                }
                if (exchange.getException() != null) {
                    throw new Skipped();
                }
            };
        }

        @Override
        Processor batch(Processor once) {
            return batch -> {
                try {
                    once.process(batch);
                } catch (Skipped e) {
                    batch.getMessage().setBody(List.of());
                }
            };
        }
    },
    /** Only fresh orders are told of; a repeat says nothing, though nobody knows whether it was heard. */
    RESULT_EVENT_NOT_REPEATED {
        @Override
        Processor steps(DrilledOnce once, Processor steps) {
            return exchange -> {
                FRESH.get().addAll(exchange.getProperty("orderflow.fresh", Set.class));
                steps.process(exchange);
            };
        }

        @Override
        Processor batch(Processor once) {
            return batch -> {
                FRESH.get().clear();
                once.process(batch);
                Set<String> orders = new HashSet<>();
                FRESH.get().forEach(id -> orders.add(id.substring(0, id.indexOf('/'))));
                List<?> events = batch.getMessage().getBody(List.class);
                batch.getMessage()
                        .setBody(events.stream()
                                .filter(event ->
                                        orders.contains(((Message) event).getHeader(KafkaHeaders.KEY, String.class)))
                                .toList());
            };
        }
    },
    /** Intake answers before the brokers do. See {@link HastyIntake}. */
    ACCEPTED_BEFORE_THE_ACKNOWLEDGEMENT,
    /** Intake makes record headers of request headers. See {@link HastyIntake}. */
    REQUEST_HEADERS_LET_THROUGH,
    /** PostgreSQL answers before its log is on disk. */
    COMMIT_NOT_SYNCHRONOUS,
    /** Only more work for good receivers: a sound one. */
    PRODUCER_NOT_IDEMPOTENT;

    /** System property of a service. */
    static final String NAME = "drill.variant";

    private static final ThreadLocal<Set<String>> FRESH = ThreadLocal.withInitial(HashSet::new);

    static Variant ofThisProcess() {
        return valueOf(System.getProperty(NAME, SOUND.name()));
    }

    /** Around the steps, inside the transaction. */
    Processor steps(DrilledOnce once, Processor steps) {
        return steps;
    }

    /** Around the whole policy. */
    Processor batch(Processor once) {
        return once;
    }

    /** Passes by whatever looks for exceptions. */
    private static final class Skipped extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static DataSource database(Exchange exchange) {
        return exchange.getContext().getRegistry().lookupByNameAndType("database", DataSource.class);
    }

    private static void run(Processor steps, Exchange exchange) {
        try {
            steps.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Exchange> records(Exchange batch) {
        return (List<Exchange>) batch.getMessage().getBody();
    }

    private static DefaultKafkaManualCommit place(Exchange kafkaRecord) {
        return kafkaRecord.getMessage().getHeader(KafkaHeaders.MANUAL_COMMIT, DefaultKafkaManualCommit.class);
    }

    private static Consumer<?, ?> consumer(Exchange batch) {
        return place(records(batch).get(0)).getCamelExchangePayload().consumer;
    }
}
