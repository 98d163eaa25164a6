package dev.orderflow.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Offsets that a group passed, or went back from, without its service's work.
 *
 * @param kind gone, went-back, foreign-commit or skipped
 * @param closedBy who has looked at it; empty while nobody has
 */
record PassedOffsets(
        String service,
        String topic,
        int partition,
        long from,
        long to,
        String kind,
        Instant at,
        Optional<String> closedBy) {

    static final int MAX = 200;
}
