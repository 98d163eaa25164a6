package dev.orderflow.intake;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultMessage;

/** A message whose headers are ours alone, so that their letter case is known; Camel's map compares each name in any case. */
final class PlainMessage extends DefaultMessage {

    private static final int HEADERS = 16;

    PlainMessage(Exchange exchange) {
        super(exchange);
    }

    @Override
    protected Map<String, Object> createHeaders() {
        return new HashMap<>(HEADERS);
    }

    @Override
    public DefaultMessage newInstance() {
        return new PlainMessage(getExchange());
    }
}
