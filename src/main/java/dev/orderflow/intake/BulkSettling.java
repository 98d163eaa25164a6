package dev.orderflow.intake;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;

/**
 * Settles the keys of some lines of a bulk together, when the last of them is acknowledged or failed: an accepted line is
 * told only behind that, so that its repetitions get the same answer.
 */
final class BulkSettling {

    private final Bulk bulk;
    private final List<UUID> kept = new ArrayList<>();
    private final List<UUID> lost = new ArrayList<>();
    private final List<Runnable> tell = new ArrayList<>();
    // One more than the lines, so that it does not end while they are still being sent.
    private int open = 1;

    BulkSettling(Bulk bulk) {
        this.bulk = bulk;
    }

    synchronized void expect() {
        open++;
    }

    synchronized void answered(String id, LineResult result, boolean acknowledged) {
        if (acknowledged) {
            kept.add(UUID.fromString(id));
            tell.add(() -> result.accepted(id));
        } else {
            lost.add(UUID.fromString(id));
            tell.add(() -> {
                bulk.meters.refused(503);
                result.unknown(IntakeProblems.lineNotAcknowledged(true));
            });
        }
        close();
    }

    synchronized void allSent() {
        close();
    }

    // The last one may come on Kafka's sender thread, which must not wait for the database.
    private void close() {
        if (--open > 0 || tell.isEmpty()) {
            return;
        }
        try {
            bulk.workers.execute(this::settle);
        } catch (RejectedExecutionException e) {
            settle();
        }
    }

    private void settle() {
        try {
            var keys = bulk.keys.get().orElseThrow(SQLException::new);
            if (!kept.isEmpty()) {
                keys.accept(kept);
            }
            if (!lost.isEmpty()) {
                keys.release(lost);
            }
            bulk.settles.works();
        } catch (SQLException e) {
            // The orders are kept, which is what accepted says. A repetition is dropped by its id.
            bulk.settles.fails(
                    "%d orders of a bulk kept, but their Idempotency-Keys were not settled in the database: %s"
                            .formatted(kept.size(), e.getMessage()));
        }
        tell.forEach(Runnable::run);
    }
}
