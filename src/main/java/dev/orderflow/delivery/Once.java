package dev.orderflow.delivery;

import dev.orderflow.events.Event;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/**
 * The block around a service's steps: {@code policy: {ref: once, steps: [...]}}. The steps get the fresh events of a
 * batch as a {@code List<Event>}, in the order of their offsets, and leave a {@code List<Event>} to say, or nothing.
 * Their effect and the receipts are one transaction. Not for {@code transacted}, which pulls every later step of its
 * route inside.
 *
 * <p>It acts on {@code order-placed}, and lets records of other types pass; a service that hears others
 * declares one of its own, made like this one.
 */
public class Once implements Policy {

    /** Exchange property: ids of the events that this transaction found fresh, a {@code Set<String>}. */
    static final String FRESH = "orderflow.fresh";

    private Set<String> hears = Set.of(Event.ORDER_PLACED);
    private DataSource dataSource;
    private Deliveries deliveries = new Deliveries();
    private String deadLetters = "direct:dead-letter";
    private ProducerTemplate producer;
    private int eventsMax;
    private long retryDelayMs = 200;
    private long retryDelayMsMax = 2_000;
    private long putOffMs = 60_000;
    private int parkedMax = 50;
    private int parkedWindow = 1_000;

    public Once() {}

    /** With the settings of another. */
    public Once(Once like) {
        dataSource = like.dataSource;
        deliveries = like.deliveries;
        deadLetters = like.deadLetters;
        eventsMax = like.eventsMax;
        retryDelayMs = like.retryDelayMs;
        retryDelayMsMax = like.retryDelayMsMax;
        putOffMs = like.putOffMs;
        parkedMax = like.parkedMax;
        parkedWindow = like.parkedWindow;
    }

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public void setDeliveries(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /** Endpoint that appends a dead letter, acknowledged. */
    public void setDeadLetters(String deadLetters) {
        this.deadLetters = deadLetters;
    }

    /** Events in one transaction; 0 for the whole batch, 1 for effects that no rollback undoes, such as mail. */
    public void setEventsMax(int eventsMax) {
        this.eventsMax = eventsMax;
    }

    public void setRetryDelayMs(long retryDelayMs) {
        this.retryDelayMs = retryDelayMs;
    }

    public void setRetryDelayMsMax(long retryDelayMsMax) {
        this.retryDelayMsMax = retryDelayMsMax;
    }

    /** How long others wait behind a mail that the server puts off, in milliseconds. */
    public void setPutOffMs(long putOffMs) {
        this.putOffMs = putOffMs;
    }

    /** Of the last {@code parkedWindow} records, how many may be parked with one fingerprint. */
    public void setParkedMax(int parkedMax) {
        this.parkedMax = parkedMax;
    }

    public void setParkedWindow(int parkedWindow) {
        this.parkedWindow = parkedWindow;
    }

    /** The event types that it acts on, comma separated; records of other types pass. */
    public void setHears(String events) {
        hears = Arrays.stream(events.split(",")).map(String::strip).collect(Collectors.toSet());
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to change in the model
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return RehearsalDelivery.of(route.getCamelContext())
                .map(rehearsal -> rehearsal.take(this, route, steps))
                .orElseGet(() -> new Delivery(this, route, steps));
    }

    Set<String> hears() {
        return hears;
    }

    DataSource dataSource() {
        return dataSource;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    DeadLetters deadLetters(CamelContext context, String service) {
        synchronized (this) {
            if (producer == null) {
                producer = context.createProducerTemplate();
            }
        }
        return new DeadLetters(deadLetters, service, producer);
    }

    int eventsMax() {
        return eventsMax;
    }

    long retryDelayMs() {
        return retryDelayMs;
    }

    long retryDelayMsMax() {
        return retryDelayMsMax;
    }

    long putOffMs() {
        return putOffMs;
    }

    int parkedMax() {
        return parkedMax;
    }

    int parkedWindow() {
        return parkedWindow;
    }

    ParkingCap parkingCap() {
        return new ParkingCap(parkedMax, parkedWindow);
    }
}
