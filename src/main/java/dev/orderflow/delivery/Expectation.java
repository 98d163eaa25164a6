package dev.orderflow.delivery;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What a service must have done for each order, as SQL for the audit: {@code e} is its effect, {@code o} the order as the
 * topic has it ({@code lines}, {@code pieces}, {@code customer}), {@code r} the service's receipt of it.
 *
 * @param effect joins the effect of an order; empty where only receipts tell
 * @param wrong when the effect's content is not the order's
 * @param unseen selects order_id and at of effects, to be looked up in the topic
 * @param hears the result events that it acts on too
 */
public record Expectation(
        String service, Optional<String> effect, String wrong, Optional<String> unseen, List<String> hears) {

    /** The service tells it; found by ServiceLoader. */
    public interface Source {

        Expectation expectation();
    }

    /** Those that are told, in the order of the file that names their sources. */
    public static List<Expectation> told() {
        return ServiceLoader.load(Source.class, Source.class.getClassLoader()).stream()
                .map(source -> source.get().expectation())
                .toList();
    }

    /** Of a service that tells none: its receipts speak for it, and the rows with an order_id in the schema of its name. */
    public static Expectation ofReceipts(String service, Optional<String> effects) {
        return new Expectation(service, Optional.empty(), "false", effects, List.of());
    }

    public String join() {
        return effect.map(table -> "LEFT JOIN " + table).orElse("LEFT JOIN (SELECT true AS there) e ON true");
    }

    public String there() {
        return effect.isPresent() ? "e.order_id IS NOT NULL" : "(r.order_id IS NOT NULL AND NOT r.parked)";
    }
}
