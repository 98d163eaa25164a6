package dev.orderflow.redrive;

import dev.orderflow.delivery.Awaited;
import dev.orderflow.telemetry.OutageLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works at the jobs in the background, at their rates: claim, append, mark when acknowledged. Also looks after claims
 * that a crash left behind, and after letters that came home. One thread of each process; any process may take over.
 */
final class RedriveWorker implements Runnable, AutoCloseable {

    /** Letters in one claim; each may have a megabyte. */
    private static final int BATCH = 50;

    private static final Logger LOG = LoggerFactory.getLogger(RedriveWorker.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration BETWEEN_REMOVALS = Duration.ofHours(1);

    /** Of one claim, some may come through and some not. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final UUID self = UUID.randomUUID();
    private final RedriveJobs jobs;
    private final KafkaProducer<byte[], byte[]> producer;
    private final int keptHours;
    private final Clock clock;
    private final Map<UUID, RateLimit> paces = new HashMap<>();
    private final Awaited awaited;
    private final OutageLog rounds;
    private final OutageLog appends;
    private Instant removed = Instant.EPOCH;

    RedriveWorker(RedriveJobs jobs, Map<String, Object> kafka, int keptHours, Awaited awaited, Clock clock) {
        this.jobs = jobs;
        this.producer = new KafkaProducer<>(properties(kafka), new ByteArraySerializer(), new ByteArraySerializer());
        this.keptHours = keptHours;
        this.clock = clock;
        this.awaited = awaited;
        this.rounds = new OutageLog(LOG, "redrive", Duration.ZERO, clock);
        this.appends = new OutageLog(LOG, "redrive", QUIET, clock);
    }

    private static Map<String, Object> properties(Map<String, Object> kafka) {
        var properties = new HashMap<>(kafka);
        properties.put("client.id", "redrive");
        properties.put("acks", "all");
        properties.put("enable.idempotence", true);
        properties.put("linger.ms", 0);
        properties.put("max.request.size", 2 * 1024 * 1024);
        properties.put("delivery.timeout.ms", 30_000);
        properties.put("request.timeout.ms", 10_000);
        properties.put("max.block.ms", 10_000);
        return properties;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!round()) {
                    Thread.sleep(BETWEEN_LOOKS.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there is more to do at once */
    private boolean round() throws InterruptedException {
        try {
            boolean more = append(jobs.claimAgain(BATCH)) == BATCH;
            var owned = jobs.own(self);
            paces.keySet().retainAll(owned.keySet());
            for (var job : owned.entrySet()) {
                more |= work(job.getKey(), job.getValue());
            }
            jobs.home();
            forget();
            rounds.works();
            return more;
        } catch (RuntimeException e) {
            rounds.fails("nothing goes back for now: " + awaited.sentence(e));
            return false;
        }
    }

    private boolean work(UUID job, int rate) throws InterruptedException {
        RateLimit pace = paces.computeIfAbsent(job, id -> new RateLimit(rate, clock));
        int due = Math.min(BATCH, pace.due());
        if (due == 0) {
            return false;
        }
        List<RedriveRecord> originals = jobs.claim(job, due);
        pace.took(originals.size());
        append(originals);
        jobs.end(job);
        return originals.size() == BATCH;
    }

    /** What is not acknowledged keeps its claim, and is appended again when that is over. */
    private int append(List<RedriveRecord> originals) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(originals.size());
        for (RedriveRecord original : originals) {
            sent.add(producer.send(original.kafkaRecord()));
        }
        List<RedriveRecord> acknowledged = new ArrayList<>(originals.size());
        for (int i = 0; i < sent.size(); i++) {
            try {
                sent.get(i).get();
                acknowledged.add(originals.get(i));
            } catch (ExecutionException e) {
                appends.fails("dead letter %s was not acknowledged, and goes back later: %s"
                        .formatted(originals.get(i).id(), awaited.sentence(e)));
            }
        }
        if (!acknowledged.isEmpty()) {
            appends.works();
            jobs.acknowledged(acknowledged);
            LOG.info("redrive: {} dead letters went back", acknowledged.size());
        }
        return originals.size();
    }

    private void forget() {
        if (keptHours > 0 && clock.instant().isAfter(removed.plus(BETWEEN_REMOVALS))) {
            removed = clock.instant();
            int letters = jobs.forget(keptHours);
            if (letters > 0) {
                LOG.info("redrive: removed {} dead letters that were home for {} hours", letters, keptHours);
            }
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
