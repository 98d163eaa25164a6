package dev.orderflow.drill;

import dev.orderflow.drill.Evidence.Destroyed;
import dev.orderflow.drill.Segments.Batch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;

/**
 * What breaks while every process runs: permissions, passwords, bytes on disk, foreign programs, retention, locks. Each
 * lasts until health has said its sentence, and is mended then.
 */
enum BadDay implements Fault {
    READ_DENIED(Part.BROKERS, "its user may not read topic %s") {
        @Override
        Trouble begin(Stage stage, Random random) {
            return denied(stage, ResourceType.TOPIC, anyTopic(random), AclOperation.READ);
        }
    },
    WRITE_DENIED(Part.BROKERS, "its user may not write to topic %s") {
        @Override
        Trouble begin(Stage stage, Random random) {
            return denied(stage, ResourceType.TOPIC, Stage.EVENTS, AclOperation.WRITE);
        }
    },
    GROUP_DENIED(Part.BROKERS, "its user may not use consumer group %s") {
        @Override
        Trouble begin(Stage stage, Random random) {
            return denied(stage, ResourceType.GROUP, anyReader(random, Stage.ORDERS), AclOperation.READ);
        }
    },
    /** The brokers have the new password before the services have. */
    PASSWORD_CHANGED(Part.BROKERS, "the brokers do not let it in: ") {
        @Override
        Trouble begin(Stage stage, Random random) {
            String next = "s3cret-" + random.nextInt(1_000_000);
            stage.cluster.password(next);
            stage.cluster.proxies().forEach(Proxy::reset);
            return new Trouble("", () -> stage.passwordFile(next));
        }
    },
    /** Slow, and nothing to tell. */
    QUOTA(Part.BROKERS, "") {
        @Override
        Trouble begin(Stage stage, Random random) {
            stage.cluster.quota(20_000.0);
            return new Trouble("", () -> stage.cluster.quota(null));
        }
    },
    TRANSACTION_ABORTED(Part.TOPICS, "") {
        @Override
        Trouble begin(Stage stage, Random random) {
            var transaction = new Strangers.Transaction(stage.cluster.direct());
            return new Trouble("", transaction::close);
        }
    },
    TRANSACTION_HANGS(Part.TOPICS, "cannot be read from offset \\d+ on: a producer's transaction has been open since") {
        @Override
        Trouble begin(Stage stage, Random random) {
            var transaction = new Strangers.Transaction(stage.cluster.direct());
            return new Trouble("", transaction::close);
        }
    },
    STRANGER_IN_GROUP(Part.TOPICS, "consumer group %s has members that are not Orderflow's: client id 'kcat'") {
        @Override
        Trouble begin(Stage stage, Random random) {
            String service = anyReader(random, Stage.ORDERS);
            var stranger = new Strangers.Member(stage.cluster.direct(), service, RangeAssignor.class);
            return new Trouble(service, stranger::close);
        }
    },
    /** One that gives partitions out in a way of its own was there first, so that the service cannot join. */
    STRANGER_KEEPS_GROUP(Part.TOPICS, "consumer group %s has members that are not Orderflow's: client id 'kcat'") {
        @Override
        Trouble begin(Stage stage, Random random) {
            String service = anyReader(random, Stage.ORDERS);
            standStill(stage, service);
            var stranger = new Strangers.Member(stage.cluster.direct(), service, StickyAssignor.class);
            await("the stranger in " + service, () -> !stage.isEmpty(service));
            goOn(stage, service);
            return new Trouble(service, stranger::close);
        }
    },
    FOREIGN_RECORDS(Part.TOPICS, "") {
        @Override
        Trouble begin(Stage stage, Random random) {
            return new Trouble(Strangers.append(stage.cluster.direct()) + " records", () -> {});
        }
    },
    /** The sentence has the command that does what was passed. */
    FOREIGN_COMMIT(
            Part.TOPICS,
            "somebody who is not Orderflow committed offset \\d+ for the group %s, which stood at \\d+. Do what lies between with: orderflow rewind \\S+ --to ([^\" ]+@\\d+)") {
        @Override
        Trouble begin(Stage stage, Random random) {
            String service = anyReader(random, Stage.ORDERS);
            var partition = anyPartition(random, Stage.ORDERS);
            standStill(stage, service);
            long stood = stage.committed(service, partition);
            awaitDoneByOthers(stage, service, partition, stood + PASSED);
            Cluster.wait(stage.cluster
                    .admin()
                    .alterConsumerGroupOffsets(service, Map.of(partition, new OffsetAndMetadata(stood + PASSED)))
                    .all());
            goOn(stage, service);
            return new Trouble(
                    service,
                    said -> stage.operators()
                            .operate("{\"operation\":\"rewind\",\"service\":\"%s\",\"to\":\"%s\"}"
                                    .formatted(service, said.group(1))));
        }
    },
    RETENTION_PASSED(Part.TOPICS, "offsets \\d+ to \\d+ were gone before %s read them") {
        @Override
        Trouble begin(Stage stage, Random random) {
            String service = anyReader(random, Stage.ORDERS);
            var partition = anyPartition(random, Stage.ORDERS);
            standStill(stage, service);
            long stood = stage.committed(service, partition);
            long to = stood + PASSED;
            awaitDoneByOthers(stage, service, partition, to);
            stage.keep(partition, to);
            var destroyed = new Destroyed(service, partition.topic(), partition.partition(), stood, to);
            stage.destroyed(destroyed);
            Cluster.wait(stage.cluster
                    .admin()
                    .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(to)))
                    .all());
            goOn(stage, service);
            return new Trouble(service, () -> skip(stage, destroyed));
        }
    },
    /** On every replica, so that nobody has what was there. */
    BATCH_SPOILT(Part.TOPICS, "is held at offset \\d+, whose record cannot be read") {
        @Override
        Trouble begin(Stage stage, Random random) {
            String topic = anyTopic(random);
            String service = anyReader(random, topic);
            var partition = anyPartition(random, topic);
            standStill(stage, service);
            stage.awaitBrokers();
            long stood = Math.max(0, stage.committed(service, partition));
            var batch = Awaitility.await("a batch that the others have done")
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> batch(stage, service, partition, stood), Optional::isPresent)
                    .orElseThrow();
            var destroyed = new Destroyed(service, topic, partition.partition(), batch.first(), batch.last() + 1);
            stage.destroyed(destroyed);
            flip(stage, partition, batch);
            goOn(stage, service);
            return new Trouble("%s in %s-%d".formatted(service, topic, partition.partition()), () -> {
                String wanted = "%s %d-%d".formatted(partition, batch.first(), batch.last());
                String unreadable;
                try {
                    unreadable = unreadable(stage);
                    skip(stage, destroyed);
                } finally {
                    flip(stage, partition, batch);
                }
                if (!unreadable.equals(wanted)) {
                    throw new IllegalStateException("audit says that %s cannot be read, and was to say %s"
                            .formatted(unreadable.isEmpty() ? "nothing" : unreadable, wanted));
                }
            });
        }

        @Override
        public boolean isAlone() {
            return true;
        }
    },
    DATABASE_READ_ONLY(Part.DATABASE, "the database takes no writes: its sessions are read-only") {
        @Override
        Trouble begin(Stage stage, Random random) {
            always(stage, "default_transaction_read_only", "on");
            endSessions(stage);
            return new Trouble("", () -> always(stage, "default_transaction_read_only", "off"));
        }
    },
    ROW_LOCKED(Part.DATABASE, "waits for a lock that PostgreSQL's process %s holds") {
        @Override
        Trouble begin(Stage stage, Random random) {
            try {
                Connection operator = stage.postgres.connect();
                operator.setAutoCommit(false);
                Statement statement = operator.createStatement();
                statement.execute("UPDATE inventory.stock SET on_hand = on_hand WHERE sku = 'PLENTY'");
                var row = statement.executeQuery("SELECT pg_backend_pid()");
                row.next();
                return new Trouble(row.getString(1), () -> {
                    try {
                        operator.rollback();
                        operator.close();
                    } catch (SQLException e) {
                        // Its server was killed meanwhile, and the lock went with it.
                    }
                });
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    },
    STATEMENT_TIMEOUT(Part.DATABASE, "canceling statement due to statement timeout") {
        @Override
        Trouble begin(Stage stage, Random random) {
            again(() -> stage.postgres.execute("""
                    CREATE OR REPLACE FUNCTION shipping.drill_slow() RETURNS trigger
                        AS 'BEGIN PERFORM pg_sleep(3); RETURN NEW; END' LANGUAGE plpgsql;
                    CREATE OR REPLACE TRIGGER drill_slow BEFORE INSERT ON shipping.shipment
                        FOR EACH ROW EXECUTE FUNCTION shipping.drill_slow()"""));
            always(stage, "statement_timeout", "2s");
            endSessions(stage);
            return new Trouble("", () -> {
                always(stage, "statement_timeout", "0");
                again(() -> stage.postgres.execute("DROP FUNCTION shipping.drill_slow CASCADE"));
                endSessions(stage);
            });
        }
    };

    /** Offsets that a fault takes from a group. */
    private static final int PASSED = 3;

    private static final int GOAL_S = 15;
    private static final Duration NAMED = Duration.ofSeconds(45);

    /** How long what nobody has to tell lasts. */
    private static final long UNTOLD_MS = 4_000;

    private final Part part;
    private final String sentence;

    /** @param sentence what health must say, as a regular expression, with %s where it says of whom; empty for nothing */
    BadDay(Part part, String sentence) {
        this.part = part;
        this.sentence = sentence;
    }

    private interface Mend {
        /** @param said the sentence of health; null where there is none to say */
        void run(Matcher said);
    }

    /** What has begun. */
    private record Trouble(String whose, Mend mend) {

        Trouble(String whose, Runnable mend) {
            this(whose, said -> mend.run());
        }
    }

    abstract Trouble begin(Stage stage, Random random);

    @Override
    public Part part() {
        return part;
    }

    @Override
    public int goalS() {
        return GOAL_S;
    }

    @Override
    public boolean isAlone() {
        return false;
    }

    @Override
    public final Blow strike(Stage stage, Random random) {
        var trouble = begin(stage, random);
        long begun = System.nanoTime();
        List<String> silent = new ArrayList<>();
        Matcher said = null;
        if (sentence.isEmpty()) {
            Fault.pause(UNTOLD_MS);
        } else {
            var pattern = Pattern.compile(sentence.replace("%s", Pattern.quote(trouble.whose)));
            said = pattern.matcher(stage.watch.awaitSaid(pattern, NAMED));
            if (!said.find()) {
                silent.add("%s: nobody said in %d s: %s".formatted(name(), NAMED.toSeconds(), pattern));
            }
        }
        String what = "%s, named after %d ms".formatted(trouble.whose, (System.nanoTime() - begun) / 1_000_000);
        try {
            trouble.mend.run(said);
        } catch (IllegalStateException e) {
            silent.add(name() + ": " + e.getMessage());
        }
        return new Blow(what, Instant.now(), () -> {}, List.of(), silent);
    }

    private static Trouble denied(Stage stage, ResourceType type, String name, AclOperation operation) {
        var denied = stage.cluster.deny(type, name, operation);
        return new Trouble(name, () -> stage.cluster.giveBack(denied));
    }

    private static String anyTopic(Random random) {
        return random.nextBoolean() ? Stage.ORDERS : Stage.EVENTS;
    }

    private static String anyReader(Random random, String topic) {
        var readers = Stage.readers(topic);
        return readers.get(random.nextInt(readers.size()));
    }

    private static TopicPartition anyPartition(Random random, String topic) {
        return new TopicPartition(topic, random.nextInt(Stage.PARTITIONS));
    }

    private static void standStill(Stage stage, String service) {
        stage.operators().operate("{\"operation\":\"pause\",\"service\":\"%s\"}".formatted(service));
        await("an empty group", () -> stage.isEmpty(service));
    }

    private static void goOn(Stage stage, String service) {
        stage.operators().operate("{\"operation\":\"resume\",\"service\":\"%s\"}".formatted(service));
    }

    private static void skip(Stage stage, Destroyed offsets) {
        stage.operators()
                .operate("{\"operation\":\"skip\",\"service\":\"%s\",\"partition\":\"%s-%d\",\"first\":%d,\"last\":%d}"
                        .formatted(
                                offsets.service(),
                                offsets.topic(),
                                offsets.partition(),
                                offsets.from(),
                                offsets.to() - 1));
    }

    private static void awaitDoneByOthers(Stage stage, String service, TopicPartition partition, long offset) {
        await("others at " + offset, () -> othersAt(stage, service, partition) >= offset);
    }

    /** Where the slowest of the others stands. */
    private static long othersAt(Stage stage, String service, TopicPartition partition) {
        return Stage.readers(partition.topic()).stream()
                .filter(other -> !other.equals(service))
                .mapToLong(other -> stage.committed(other, partition))
                .min()
                .orElseThrow();
    }

    private static Optional<Batch> batch(Stage stage, String service, TopicPartition partition, long from) {
        return Segments.batch(stage.cluster.folders().get(0), partition, from, othersAt(stage, service, partition));
    }

    private static void flip(Stage stage, TopicPartition partition, Batch batch) {
        for (Path broker : stage.cluster.folders()) {
            Segments.flip(broker, partition, batch);
        }
    }

    private static String unreadable(Stage stage) {
        return String.join(
                ", ",
                StreamSupport.stream(
                                stage.operators().audit().path("unreadable").spliterator(), false)
                        .map(one -> "%s %d-%d"
                                .formatted(
                                        one.path("partition").asText(),
                                        one.path("from").asLong(),
                                        one.path("last").asLong()))
                        .toList());
    }

    /** For every session from now on. */
    private static void always(Stage stage, String setting, String value) {
        again(() -> stage.postgres.execute(
                "SET transaction_read_only = off; DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET %s = ''%s''', current_database()); END $$"
                        .formatted(setting, value)));
    }

    private static void endSessions(Stage stage) {
        again(() -> stage.postgres.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'orderflow'"));
    }

    /** The server may just be away for another fault. */
    private static void again(Runnable statement) {
        await("the database", () -> {
            statement.run();
            return true;
        });
    }

    private static void await(String what, Callable<Boolean> until) {
        Awaitility.await(what).atMost(60, TimeUnit.SECONDS).ignoreExceptions().until(until);
    }
}
