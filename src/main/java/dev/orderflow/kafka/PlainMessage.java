package dev.orderflow.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultMessage;

/** A message whose headers are ours alone, so that their letter case is known; Camel's map compares each name in any case. */
public final class PlainMessage extends DefaultMessage {

    private static final int HEADERS = 16;

    public PlainMessage(CamelContext context) {
        super(context);
    }

    @Override
    protected Map<String, Object> createHeaders() {
        return new HashMap<>(HEADERS);
    }

    @Override
    public DefaultMessage newInstance() {
        return new PlainMessage(getCamelContext());
    }
}
