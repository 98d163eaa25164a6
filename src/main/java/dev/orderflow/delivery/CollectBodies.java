package dev.orderflow.delivery;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** What a {@code split} inside {@code once} gathers: one list of what its parts left, and their failure, untouched. */
public class CollectBodies implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange gathered, Exchange part) {
        Object body = part.getMessage().getBody();
        Exchange to = gathered == null ? part : gathered;
        @SuppressWarnings("unchecked")
        List<Object> list =
                gathered == null ? new ArrayList<>() : gathered.getMessage().getBody(List.class);
        if (body != null) {
            list.add(body);
        }
        to.getMessage().setBody(list);
        if (part.getException() != null) {
            to.setException(part.getException());
        }
        return to;
    }
}
