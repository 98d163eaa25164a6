package dev.orderflow.delivery;

import dev.orderflow.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.apache.camel.CamelContext;

/** What a service's delivery counts, in the context's meter registry. */
final class DeliveryMeters {

    private final Timer batch;
    private final Counter done;
    private final Counter repeat;
    private final Counter skipped;
    private final Counter ignored;
    private final Counter parked;
    private final Counter deadLetters;
    private final Counter waits;
    private final DistributionSummary size;

    DeliveryMeters(CamelContext context, String service) {
        MeterRegistry meters = Meters.of(context);
        batch = Timer.builder("orderflow.batch")
                .description("From a polled batch to its commit")
                .tag("service", service)
                .register(meters);
        size = DistributionSummary.builder("orderflow.batch.records")
                .description("Records in a batch")
                .tag("service", service)
                .register(meters);
        done = records(meters, service, "done");
        repeat = records(meters, service, "repeat");
        skipped = records(meters, service, "skipped");
        ignored = records(meters, service, "ignored");
        parked = records(meters, service, "parked");
        deadLetters = Counter.builder("orderflow.dead.letters")
                .description("Dead letters appended")
                .tag("service", service)
                .register(meters);
        waits = Counter.builder("orderflow.waits")
                .description("Pauses because of an outage or a held route")
                .tag("service", service)
                .register(meters);
    }

    private static Counter records(MeterRegistry meters, String service, String result) {
        return Counter.builder("orderflow.records")
                .description("Records by what became of them")
                .tag("service", service)
                .tag("result", result)
                .register(meters);
    }

    void batch(int records, long nanos) {
        batch.record(Duration.ofNanos(nanos));
        size.record(records);
    }

    void done() {
        done.increment();
    }

    void repeats(int count) {
        repeat.increment(count);
    }

    void skipped() {
        skipped.increment();
    }

    void ignored() {
        ignored.increment();
    }

    void parked() {
        parked.increment();
        deadLetters.increment();
    }

    void waited() {
        waits.increment();
    }
}
