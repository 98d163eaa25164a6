package dev.orderflow.drill;

import dev.orderflow.delivery.Once;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Ordered;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The policy as it is, with the steps at which a drill may end the process, and with one thing broken where
 * {@link Variant} says so. The drill's route folder names it in the place of {@link Once}.
 */
public class DrilledOnce extends Once {

    private final Variant variant = Variant.ofThisProcess();

    public DrilledOnce() {}

    /** With the settings of another. */
    public DrilledOnce(Once like) {
        super(like);
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        String id = route.getRouteId();
        Processor inside = exchange -> {
            Halt.at(Halt.Step.AFTER_CLAIM, id);
            steps.process(exchange);
            Halt.at(Halt.Step.AFTER_EFFECT, id);
        };
        Processor once = super.wrap(route, variant.steps(this, inside));
        Processor broken = variant.batch(once);
        return batch -> {
            batch.getExchangeExtension().addOnCompletion(new Completion(Ordered.HIGHEST, Halt.Step.AFTER_EVENT, id));
            batch.getExchangeExtension().addOnCompletion(new Completion(Ordered.LOWEST, Halt.Step.BEFORE_OFFSET, id));
            broken.process(batch);
            Halt.at(Halt.Step.AFTER_COMMIT, id);
        };
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to change in the model
    }

    /** Before, or after, the offsets are handed to the consumer. */
    private static final class Completion extends SynchronizationAdapter {

        private final int order;
        private final Halt.Step step;
        private final String route;

        Completion(int order, Halt.Step step, String route) {
            this.order = order;
            this.step = step;
            this.route = route;
        }

        @Override
        public int getOrder() {
            return order;
        }

        @Override
        public void onComplete(Exchange batch) {
            Halt.at(step, route);
        }
    }
}
