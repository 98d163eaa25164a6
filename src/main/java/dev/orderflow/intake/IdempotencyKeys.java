package dev.orderflow.intake;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/**
 * The keys of orders that may be repeated. A key is claimed before the append and settled after its acknowledgement. Who
 * dies in between leaves a lease that ends; the next repetition takes the key over and appends the order again under its
 * old id, and every service drops the second one.
 */
interface IdempotencyKeys {

    /** What a key turned out to be. */
    enum Claim {
        OURS,
        ACCEPTED,
        OTHER_PAYLOAD,
        IN_FLIGHT
    }

    Claim claim(KeyedOrder keyed) throws SQLException;

    /** The claims of many keys at once, each id once among them. */
    Map<UUID, Claim> claim(Collection<KeyedOrder> keyed) throws SQLException;

    /** The order was acknowledged: from now on its repetitions get the same answer without an append. */
    void accept(UUID id) throws SQLException;

    /** Nobody knows whether the order was kept: the next repetition may append it at once. */
    void release(UUID id) throws SQLException;

    /** {@link #accept} of many. */
    void accept(Collection<UUID> ids) throws SQLException;

    /** {@link #release} of many. */
    void release(Collection<UUID> ids) throws SQLException;

    /** Removes keys that are older, a part at a time, and gives their number. */
    int forget(int hours) throws SQLException;
}
