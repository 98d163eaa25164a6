package dev.orderflow.audit;

import dev.orderflow.audit.Findings.Offence;
import dev.orderflow.telemetry.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/** What the last finished audit of this process found, as gauges; NaN before the first. */
final class AuditMeters {

    private record Figure(String service, Offence offence) {}

    private final CamelContext context;
    private final Map<Figure, Long> counts = new ConcurrentHashMap<>();
    private volatile double finishedAt = Double.NaN;
    private MeterRegistry meters;

    AuditMeters(CamelContext context) {
        this.context = context;
    }

    /** Registers at the first report, when the context's registry is there. */
    synchronized void tell(AuditReport report) {
        if (meters == null) {
            meters = Meters.of(context);
            Gauge.builder("orderflow.audit.finished", () -> finishedAt)
                    .description("When the last audit of this process ended, in seconds since 1970")
                    .baseUnit("seconds")
                    .register(meters);
        }
        for (Findings found : report.findings()) {
            for (Offence offence : Offence.values()) {
                count(new Figure(found.service, offence), found.count(offence));
            }
        }
        count(new Figure("stock", Offence.WRONG), report.differingStock());
        finishedAt = System.currentTimeMillis() / 1e3;
    }

    private void count(Figure place, long found) {
        if (counts.put(place, found) == null) {
            gauge(place);
        }
    }

    private void gauge(Figure place) {
        Gauge.builder("orderflow.audit.offenders", () -> counts.get(place))
                .description("What the last audit of this process found that must not be")
                .tag("service", place.service())
                .tag("offence", place.offence().name().toLowerCase(Locale.ROOT))
                .register(meters);
    }
}
