package dev.orderflow.redrive;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/** Which letters are meant: all that fit each part that is given. The times are those of the last parking. */
record DeadLetterFilter(
        Optional<String> service,
        Optional<String> fingerprint,
        Optional<String> state,
        Optional<Instant> from,
        Optional<Instant> to,
        List<String> ids) {

    static final List<String> STATES = List.of("parked", "redriven", "quarantined", "home");

    /** A condition on the row {@code d}, with the parameters of {@link #put}. */
    String condition() {
        var condition = new StringBuilder("true");
        service.ifPresent(value -> condition.append(" AND d.service = :service"));
        fingerprint.ifPresent(value -> condition.append(" AND d.fingerprint = :fingerprint"));
        state.ifPresent(value -> condition.append(" AND d.state = :state"));
        from.ifPresent(value -> condition.append(" AND d.parked_at >= :from"));
        to.ifPresent(value -> condition.append(" AND d.parked_at < :to"));
        if (!ids.isEmpty()) {
            condition.append(" AND d.id IN (:ids)");
        }
        return condition.toString();
    }

    MapSqlParameterSource put(MapSqlParameterSource parameters) {
        service.ifPresent(value -> parameters.addValue("service", value));
        fingerprint.ifPresent(value -> parameters.addValue("fingerprint", value));
        state.ifPresent(value -> parameters.addValue("state", value));
        from.ifPresent(value -> parameters.addValue("from", value.atOffset(ZoneOffset.UTC)));
        to.ifPresent(value -> parameters.addValue("to", value.atOffset(ZoneOffset.UTC)));
        if (!ids.isEmpty()) {
            parameters.addValue("ids", ids);
        }
        return parameters;
    }

    boolean isEmpty() {
        return service.isEmpty() && fingerprint.isEmpty() && from.isEmpty() && to.isEmpty() && ids.isEmpty();
    }
}
