package dev.orderflow.delivery;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.PluginHelper;

/**
 * The steps for each event of a batch, one after the other: {@code policy: {ref: each, steps: [...]}} inside of
 * {@link Once}. It leaves the list of what they left. What it does is Camel's {@code split} with {@code gather} and
 * {@code stopOnException}, without what that needs for parts that run at once or elsewhere: for each part a unit of work,
 * a task and an aggregation.
 */
public class EachEvent implements Policy {

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to change in the model
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return batch -> process(route, steps, batch);
    }

    private static void process(Route route, Processor steps, Exchange batch) throws Exception {
        if (!(batch.getMessage().getBody() instanceof List<?> events)) {
            throw new IllegalStateException(
                    "Route '%s': the policy 'each' got no list of events. Put it inside of 'once'."
                            .formatted(route.getRouteId()));
        }
        List<Object> left = new ArrayList<>(events.size());
        UnitOfWork work = null;
        try {
            for (Object event : events) {
                Exchange part = part(batch, event);
                if (work == null) {
                    // Of these parts only, so that what they note of themselves ends with this try of the batch.
                    work = unitOfWork(route, part);
                }
                part.getExchangeExtension().setUnitOfWork(work);
                steps.process(part);
                if (part.getException() != null) {
                    throw part.getException();
                }
                EffectTransaction.requireNoneSwallowed(route, part);
                Object body = part.getMessage().getBody();
                if (body != null) {
                    left.add(body);
                }
            }
        } finally {
            if (work != null) {
                work.done(batch);
            }
        }
        batch.getMessage().setBody(left);
    }

    private static Exchange part(Exchange batch, Object event) {
        Exchange part = batch.getExchangeExtension().createCopyWithProperties(batch.getContext());
        part.getExchangeExtension().setTransacted(true);
        if (batch.getMessage().hasHeaders()) {
            part.getMessage().getHeaders().putAll(batch.getMessage().getHeaders());
        }
        part.getMessage().setBody(event);
        return part;
    }

    private static UnitOfWork unitOfWork(Route route, Exchange part) {
        CamelContext context = part.getContext();
        var work = PluginHelper.getUnitOfWorkFactory(context).createUnitOfWork(part);
        work.pushRoute(route);
        return work;
    }
}
