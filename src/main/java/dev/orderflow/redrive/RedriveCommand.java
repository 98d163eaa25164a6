package dev.orderflow.redrive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.events.Violation;
import dev.orderflow.http.Problem;
import dev.orderflow.http.Whole;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The body of POST /dead-letters/redrive. It names letters, and how fast and how often; where they go, and under which
 * key and headers, is none of its business.
 *
 * @param body what goes back instead of the original, for exactly one letter
 */
record RedriveCommand(
        List<String> ids,
        LetterFilter filter,
        Boolean dryRun,
        @Whole(min = 1, max = RATE_MAX) Long ratePerSecond,
        @Whole(min = 1, max = ATTEMPTS_MAX) Long maxAttempts,
        Boolean override,
        JsonNode body) {

    static final String EXAMPLE = "{\"ids\": [\"...\"]}";
    static final String ID = "[0-9a-f]{24}";
    static final int RATE_MAX = 100_000;
    static final int ATTEMPTS_MAX = 1_000;

    private static final int IDS_MAX = 1_000;

    record LetterFilter(String service, String fingerprint, Instant from, Instant to) {}

    /** The limits that the settings give. */
    record Limits(int ratePerSecond, int attemptsMax) {}

    RedriveCommand {
        dryRun = Boolean.TRUE.equals(dryRun);
        override = Boolean.TRUE.equals(override);
    }

    static Problem invalid(List<Violation> violations) {
        return Problem.invalid("invalid-redrive", "The redrive breaks a rule", violations);
    }

    void check(Limits limits, List<Violation> violations) {
        boolean idsFit = fits("/ids", violations);
        boolean filterFits = fits("/filter", violations);
        if (idsFit && filterFits && (ids == null) == (filter == null)) {
            violations.add(new Violation("", "either ids or filter must say which letters are meant"));
        }
        if (filterFits && filter != null && filter.equals(new LetterFilter(null, null, null, null))) {
            violations.add(new Violation("/filter", "filter must be an object with service, fingerprint, from or to"));
        }
        if (ids != null && (ids.isEmpty() || ids.size() > IDS_MAX)) {
            violations.add(new Violation("/ids", "ids must be an array of 1 to %,d ids".formatted(IDS_MAX)));
        }
        for (int i = 0; ids != null && i < ids.size(); i++) {
            // An id that is no text was noted already.
            if (ids.get(i) != null && !ids.get(i).matches(ID)) {
                violations.add(new Violation(
                        "/ids/" + i, "an id must be the 24 hexadecimal digits that GET /dead-letters shows"));
            }
        }
        if (maxAttempts != null && maxAttempts > limits.attemptsMax()) {
            violations.add(new Violation(
                    "/maxAttempts",
                    "maxAttempts must be a whole number from 1 to %,d, but was %,d"
                            .formatted(limits.attemptsMax(), maxAttempts)));
        }
        if (body != null && !body.isTextual() && !body.isObject()) {
            violations.add(new Violation("/body", "body must be the corrected record, as a JSON object or as text"));
        }
        if (body != null && idsFit && selection().ids().size() != 1) {
            violations.add(new Violation("/body", "body corrects one letter, so ids must name exactly one"));
        }
    }

    private static boolean fits(String member, List<Violation> violations) {
        return violations.stream().noneMatch(one -> one.pointer().startsWith(member));
    }

    /** With what the settings give where it says nothing. */
    RedriveCommand orElse(Limits limits) {
        return new RedriveCommand(
                ids,
                filter,
                dryRun,
                ratePerSecond == null ? Long.valueOf(limits.ratePerSecond()) : ratePerSecond,
                maxAttempts == null ? Long.valueOf(limits.attemptsMax()) : maxAttempts,
                override,
                body);
    }

    DeadLetterFilter selection() {
        var given = Optional.ofNullable(filter);
        return new DeadLetterFilter(
                given.map(LetterFilter::service),
                given.map(LetterFilter::fingerprint),
                Optional.empty(),
                given.map(LetterFilter::from),
                given.map(LetterFilter::to),
                ids == null ? List.of() : ids.stream().distinct().toList());
    }

    Optional<byte[]> corrected() {
        return Optional.ofNullable(body)
                .map(given -> given.isTextual() ? given.textValue() : given.toString())
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
