package dev.orderflow.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.audit.Findings.Offence;
import dev.orderflow.events.Times;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What an audit found, service by service. */
public final class AuditReport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SERVICE_CHARS_MIN = 14;
    /** The name of a service comes before it, padded. */
    private static final String LINE = " %11s %11s %8s %9s %10s %8s %6s %11s %7s %6s%n";

    private final List<Findings> findings;
    private final Reconciliation.StockCheck stock;
    private final List<PassedOffsets> passed;
    private final TopicsSeen seen;
    private final Duration took;

    AuditReport(
            List<Findings> findings,
            Reconciliation.StockCheck stock,
            List<PassedOffsets> passed,
            TopicsSeen seen,
            Duration took) {
        this.findings = findings;
        this.stock = stock;
        this.passed = passed;
        this.seen = seen;
        this.took = took;
    }

    AuditReport took(Duration time) {
        return new AuditReport(findings, stock, passed, seen, time);
    }

    AuditReport with(TopicsSeen met) {
        return new AuditReport(findings, stock, passed, met, took);
    }

    List<Findings> findings() {
        return findings;
    }

    long differingStock() {
        return stock.differing().size();
    }

    /** Whether nothing was found that must not be. What is in flight, parked, skipped or ignored is well. */
    public boolean clean() {
        return findings.stream().allMatch(Findings::clean)
                && stock.differing().isEmpty()
                && seen.unread.isEmpty()
                && passed.stream().allMatch(one -> one.closedBy().isPresent());
    }

    /** The answer of GET /audit, by openapi.json. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("state", "done");
        json.put("clean", clean());
        json.put("tookMs", took.toMillis());
        var services = json.putArray("services");
        for (Findings found : findings) {
            ObjectNode service = services.addObject();
            service.put("service", found.service);
            service.put("accepted", found.accepted);
            service.put("done", found.done);
            service.put("parked", found.parked);
            service.put("redriven", found.redriven);
            service.put("inFlight", found.inFlight);
            service.put("skipped", found.skipped);
            if (found.removed) {
                service.put("removed", true);
            }
            for (Offence offence : Offence.values()) {
                service.put(name(offence), found.count(offence));
            }
            ObjectNode offenders = service.putObject("offenders");
            for (Offence offence : Offence.values()) {
                if (!found.offenders(offence).isEmpty()) {
                    var ids = offenders.putArray(name(offence));
                    found.offenders(offence).forEach(ids::add);
                }
            }
        }
        json.put("ignored", seen.ignored);
        var places = json.putArray("ignoredPlaces");
        seen.ignoredPlaces.forEach(places::add);
        var unreadable = json.putArray("unreadable");
        seen.unread.forEach(one -> unreadable
                .addObject()
                .put("partition", one.partition().toString())
                .put("from", one.from())
                .put("last", one.to() - 1)
                .put("cause", one.cause()));
        var gaps = json.putArray("passed");
        for (PassedOffsets one : passed) {
            ObjectNode gap = gaps.addObject();
            gap.put("service", one.service());
            gap.put("partition", one.topic() + '-' + one.partition());
            gap.put("from", one.from());
            gap.put("to", one.to());
            gap.put("kind", one.kind());
            gap.put("at", Times.text(one.at()));
            one.closedBy().ifPresent(who -> gap.put("closedBy", who));
        }
        ObjectNode counted = json.putObject("stock");
        counted.put("reserved", stock.reserved());
        counted.put("byOrders", stock.reservations());
        var differing = counted.putArray("differing");
        stock.differing().forEach(differing::add);
        return json;
    }

    /** For a terminal. */
    public String text() {
        var text = new StringBuilder();
        int width = Stream.concat(
                        Stream.of(SERVICE_CHARS_MIN), findings.stream().map(found -> found.service.length()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        text.append(padded("service", width))
                .append(LINE.formatted(
                        "accepted",
                        "done",
                        "parked",
                        "redriven",
                        "in flight",
                        "skipped",
                        "lost",
                        "duplicated",
                        "unseen",
                        "wrong"));
        for (Findings found : findings) {
            text.append(padded(found.service, width))
                    .append(LINE.formatted(
                            number(found.accepted),
                            number(found.done),
                            number(found.parked),
                            number(found.redriven),
                            number(found.inFlight),
                            number(found.skipped),
                            number(found.count(Offence.LOST)),
                            number(found.count(Offence.DUPLICATED)),
                            number(found.count(Offence.UNSEEN)),
                            number(found.count(Offence.WRONG))));
        }
        text.append("%nstock: %,d reserved, %,d by orders%n".formatted(stock.reserved(), stock.reservations()));
        stock.differing().forEach(sku -> text.append("  wrong: ").append(sku).append(System.lineSeparator()));
        if (stock.differing().size() == Findings.OFFENDERS_MAX) {
            text.append("  wrong: the first %,d skus shown%n".formatted(Findings.OFFENDERS_MAX));
        }
        for (Findings found : findings) {
            for (Offence offence : Offence.values()) {
                var ids = found.offenders(offence);
                ids.forEach(id -> text.append("  %s: %s by %s%n".formatted(name(offence), id, found.service)));
                if (ids.size() < found.count(offence)) {
                    text.append("  %s: %,d of %,d by %s shown%n"
                            .formatted(name(offence), ids.size(), found.count(offence), found.service));
                }
            }
        }
        seen.unread.forEach(one -> text.append("  unreadable: %s offsets %d to %d: %s%n"
                .formatted(one.partition(), one.from(), one.to() - 1, one.cause())));
        passed.stream()
                .filter(one -> one.closedBy().isEmpty())
                .forEach(one -> text.append("  %s: %s-%d from %d to %d by %s%n"
                        .formatted(one.kind(), one.topic(), one.partition(), one.from(), one.to(), one.service())));
        if (passed.size() == PassedOffsets.MAX) {
            text.append("  passed: of the newest %,d, those that nobody has looked at shown%n"
                    .formatted(PassedOffsets.MAX));
        }
        if (seen.ignored > 0) {
            text.append("ignored: %,d records that are not Orderflow's, such as %s%n"
                    .formatted(seen.ignored, seen.ignoredPlaces.get(0)));
        }
        return text.append("%s in %.1f s%n"
                        .formatted(clean() ? "nothing lost, nothing twice" : "NOT CLEAN", took.toMillis() / 1e3))
                .toString();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String number(long count) {
        return "%,d".formatted(count);
    }

    private static String name(Offence offence) {
        return offence.name().toLowerCase(Locale.ROOT);
    }
}
