package dev.orderflow.rehearsal;

import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.URISupport;

/**
 * Stands before every endpoint of a context that leads out of the process: what would be sent is noted, and nothing is
 * read. Only what is known to stay inside is let through.
 */
final class RecordingEndpoints implements EndpointStrategy {

    private static final Set<String> INSIDE = Set.of("direct", "bean", "class", "log", "language");
    /** Statements run, in the transaction that is rolled back; a route that reads by one does not. */
    private static final Set<String> STATEMENTS = Set.of("sql", "sql-stored");

    private static final int CHARS_MAX = 100_000;

    /** One message that would have left. */
    record Sent(String uri, Map<String, String> headers, String body) {}

    private final List<Sent> sent = new ArrayList<>();

    /** What was noted since the last call. */
    List<Sent> taken() {
        var taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        String scheme = endpoint.getEndpointUri().replaceFirst("[:?].*", "");
        return INSIDE.contains(scheme) || endpoint instanceof Stand
                ? endpoint
                : new Stand(endpoint, STATEMENTS.contains(scheme));
    }

    /** In the place of an endpoint. */
    private final class Stand extends DefaultEndpoint {

        private final Endpoint real;
        private final boolean sends;

        Stand(Endpoint real, boolean sends) {
            super(real.getEndpointUri(), null);
            setCamelContext(real.getCamelContext());
            this.real = real;
            this.sends = sends;
        }

        @Override
        public boolean isSingleton() {
            return real.isSingleton();
        }

        @Override
        public boolean isLenientProperties() {
            return true;
        }

        @Override
        public Producer createProducer() throws Exception {
            return sends ? real.createProducer() : new Note(this);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new DefaultConsumer(this, processor);
        }

        @Override
        public PollingConsumer createPollingConsumer() {
            throw new UnsupportedOperationException(
                    "a rehearsal reads nothing from outside, and this step reads from " + shown(getEndpointUri()));
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            if (sends) {
                ServiceHelper.startService(real);
            }
        }

        @Override
        protected void doStop() throws Exception {
            ServiceHelper.stopService(real);
            super.doStop();
        }
    }

    private final class Note extends DefaultProducer {

        Note(Endpoint endpoint) {
            super(endpoint);
        }

        @Override
        public void process(Exchange exchange) throws Exception {
            Map<String, String> headers = new TreeMap<>();
            exchange.getMessage().getHeaders().forEach((name, value) -> {
                if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    headers.put(name, String.valueOf(value));
                }
            });
            sent.add(new Sent(shown(getEndpoint().getEndpointUri()), headers, text(exchange)));
        }
    }

    /** Without passwords. */
    private static String shown(String uri) {
        return URISupport.sanitizeUri(uri).replaceFirst("\\?.*", "").replaceFirst("://", ":");
    }

    private static String text(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        String text;
        if (body instanceof MimeMessage mail) {
            var bytes = new ByteArrayOutputStream();
            mail.writeTo(bytes);
            text = bytes.toString(StandardCharsets.UTF_8);
        } else {
            String converted = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, body);
            text = converted == null ? String.valueOf(body) : converted;
        }
        return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX);
    }
}
