package dev.orderflow.operations;

import dev.orderflow.events.Violation;
import dev.orderflow.http.Call;
import dev.orderflow.http.Problem;
import dev.orderflow.http.Whole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * The body of POST /operations: what a service is to do.
 *
 * @param to where {@code rewind} goes: a time, {@code beginning}, or {@code topic-partition@offset}
 * @param partition of {@code skip}, as {@code topic-partition}
 * @param first offset of {@code skip}, and {@code last}, which is skipped too
 * @param fingerprint of {@code allow}, as dead letters have it
 */
record OperationCommand(
        String operation,
        String service,
        String to,
        String partition,
        @Whole(min = 0, max = Long.MAX_VALUE - 1) Long first,
        @Whole(min = 0, max = Long.MAX_VALUE - 1) Long last,
        String fingerprint,
        Boolean dryRun) {

    static final String EXAMPLE = "{\"operation\": \"pause\", \"service\": \"shipping\"}";

    /** What each operation needs besides the service. */
    private static final Map<String, List<String>> NEEDS = Map.of(
            "pause", List.of(),
            "resume", List.of(),
            "rewind", List.of("to"),
            "skip", List.of("partition", "first", "last"),
            "allow", List.of("fingerprint"));

    private static final Pattern PARTITION = Pattern.compile("(.{1,249})-(\\d{1,9})");

    /** More than anybody looks at one by one is no skip, but a rewind of something else. */
    private static final long SKIPPED_MAX = 1_000_000;

    private static final int SERVICE_CHARS_MAX = 249;
    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9._-]{1,%d}".formatted(SERVICE_CHARS_MAX));

    OperationCommand {
        dryRun = Boolean.TRUE.equals(dryRun);
    }

    static Problem invalid(List<Violation> violations) {
        return Problem.invalid("invalid-operation", "The operation breaks a rule", violations);
    }

    void check(List<Violation> violations) {
        boolean isFine = violations.stream().noneMatch(one -> one.pointer().equals("/service"));
        if (service == null && isFine) {
            add(violations, "service", "service is missing");
        }
        var needs = NEEDS.get(operation == null ? "" : operation);
        if (needs == null) {
            add(violations, "operation", "operation must be one of pause, resume, rewind, skip, allow");
            return;
        }
        given().forEach((name, value) -> {
            boolean fits = violations.stream().noneMatch(one -> one.pointer().equals("/" + name));
            if (fits && needs.contains(name) == value.isEmpty()) {
                add(
                        violations,
                        name,
                        value.isEmpty()
                                ? "%s needs %s".formatted(operation, name)
                                : "%s takes no %s".formatted(operation, name));
            }
        });
        if (service != null && isFine && !SERVICE.matcher(service).matches()) {
            add(
                    violations,
                    "service",
                    "service must have at most %d letters, digits, dots, hyphens and underscores"
                            .formatted(SERVICE_CHARS_MAX));
        }
        if (fingerprint != null && !fingerprint.matches("[0-9a-f]{12}")) {
            add(
                    violations,
                    "fingerprint",
                    "fingerprint must be the 12 hexadecimal digits that GET /dead-letters shows");
        }
        if (operation.equals("rewind") && to != null && target().isEmpty()) {
            add(
                    violations,
                    "to",
                    "to must be a time since 1970 such as 2026-11-22T10:00:00Z, beginning, or topic-partition@offset such as orders-1@120, but was '%s'"
                            .formatted(Call.shown(to)));
        }
        if (partition != null && partition(partition).isEmpty()) {
            add(
                    violations,
                    "partition",
                    "partition must be topic-partition such as orders-1, but was '%s'"
                            .formatted(Call.shown(partition)));
        }
        if (first != null && last != null && (last < first || last - first >= SKIPPED_MAX)) {
            add(
                    violations,
                    "last",
                    "last must be first or above, and at most %,d offsets are skipped at once".formatted(SKIPPED_MAX));
        }
    }

    private static void add(List<Violation> violations, String member, String sentence) {
        violations.add(new Violation("/" + member, sentence));
    }

    private Map<String, Optional<?>> given() {
        return Map.of(
                "to", Optional.ofNullable(to),
                "partition", Optional.ofNullable(partition),
                "first", Optional.ofNullable(first),
                "last", Optional.ofNullable(last),
                "fingerprint", Optional.ofNullable(fingerprint));
    }

    /** Where a rewind goes; empty where {@code to} says nothing of the kind. */
    Optional<RewindTarget> target() {
        return RewindTarget.of(to);
    }

    static Optional<TopicPartition> partition(String text) {
        Matcher of = PARTITION.matcher(text);
        return of.matches()
                ? Optional.of(new TopicPartition(of.group(1), Integer.parseInt(of.group(2))))
                : Optional.empty();
    }
}
