package dev.orderflow.intake;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keys that turn out to be what the test says, and ours where it says nothing; with what was asked, in its order. */
final class KeysInHand implements IdempotencyKeys {

    final Map<UUID, Claim> known = new ConcurrentHashMap<>();
    final Queue<String> asked = new ConcurrentLinkedQueue<>();
    volatile boolean away;

    @Override
    public Claim claim(KeyedOrder keyed) throws SQLException {
        ask("claim " + keyed.id());
        return known.getOrDefault(keyed.id(), Claim.OURS);
    }

    @Override
    public Map<UUID, Claim> claim(Collection<KeyedOrder> keyed) throws SQLException {
        var claims = new HashMap<UUID, Claim>();
        ask("claim " + keyed.stream().map(KeyedOrder::id).toList());
        keyed.forEach(one -> claims.put(one.id(), known.getOrDefault(one.id(), Claim.OURS)));
        return claims;
    }

    @Override
    public void accept(UUID id) throws SQLException {
        ask("accept " + id);
    }

    @Override
    public void release(UUID id) throws SQLException {
        ask("release " + id);
    }

    @Override
    public void accept(Collection<UUID> ids) throws SQLException {
        ask("accept " + List.copyOf(ids));
    }

    @Override
    public void release(Collection<UUID> ids) throws SQLException {
        ask("release " + List.copyOf(ids));
    }

    @Override
    public int forget(int hours) throws SQLException {
        ask("forget " + hours);
        return 0;
    }

    private void ask(String question) throws SQLException {
        if (away) {
            throw new SQLException("The database is away.");
        }
        asked.add(question);
    }
}
