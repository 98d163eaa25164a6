package dev.orderflow.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.drill.Evidence.Effect;
import dev.orderflow.drill.Evidence.Line;
import dev.orderflow.drill.Evidence.Place;
import dev.orderflow.drill.Evidence.Receipt;
import dev.orderflow.drill.Evidence.Stock;
import dev.orderflow.drill.History.Outcome;
import dev.orderflow.drill.History.Wish;
import dev.orderflow.events.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Holds the evidence of a drill against the promises. A finding is a promise that is broken, with the number of its rule.
 *
 * <ol>
 *   <li>Every 202 is in the topic of orders under its own key.
 *   <li>Each event has, in each service that hears it, exactly one effect or exactly one dead letter, and each dead
 *       letter is one that was to be expected.
 *   <li>No order and no effect without a request; none for a refused one; at most one for an unknown one.
 *   <li>Records and effects have the content that was accepted.
 *   <li>Every receipt has its effect, every effect its receipt, and what a receipt says was said stands in the topic.
 *   <li>The records of an order are in one partition, and what one service said of one topic that it hears stands in the
 *       order of its times.
 *   <li>The committed offsets are at the ends of the logs.
 *   <li>A redriven record made exactly one effect, and each that an operator sent back did.
 *   <li>Only the known topics hold records, with no header that is not ours.
 *   <li>Stock on hand is what was seeded, and what is reserved is what the reservations say, never more than is there.
 *   <li>Health has named each fault while it lasted, and says that all is well when they are over.
 *   <li>The audit, which does not know of the faults, names what they destroyed, counts the foreign records, and finds
 *       nothing else.
 * </ol>
 */
final class Checker {

    static final Map<String, Set<String>> HEARS = hears();

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What services say of what they hear on the topic of events; all else is said of orders. */
    private static final Set<String> OF_EVENTS = Set.of("shipment-held", "shortage-notified");

    private static final String GARBAGE = "this is no order";

    record Finding(int rule, String what, String of) {

        @Override
        public String toString() {
            return "rule " + rule + ": " + what + ": " + of;
        }
    }

    private final Evidence evidence;
    private final Set<String> topics;
    private final List<Finding> findings = new ArrayList<>();

    /** The first readable record of each order. */
    private final Map<UUID, Line> orders = new LinkedHashMap<>();

    private final Map<UUID, JsonNode> bodies = new HashMap<>();
    private final Map<String, List<Line>> lines = new HashMap<>();
    private final List<Line> garbage = new ArrayList<>();
    private long ignored;
    private final Set<String> eventIds = new HashSet<>();
    private final Map<String, List<Effect>> effects = new HashMap<>();
    private final Map<String, Receipt> receipts = new HashMap<>();

    private Checker(Evidence evidence, Set<String> topics) {
        this.evidence = evidence;
        this.topics = topics;
    }

    /** @param topics those that may hold records */
    static List<Finding> check(Evidence evidence, Set<String> topics) {
        var checker = new Checker(evidence, topics);
        checker.read();
        checker.requests();
        checker.effects();
        checker.letters();
        checker.redriven();
        checker.receipts();
        checker.order();
        checker.places();
        checker.topics();
        checker.stock();
        checker.audit();
        return checker.findings;
    }

    private static Map<String, Set<String>> hears() {
        Map<String, Set<String>> hears = new TreeMap<>();
        hears.put("inventory", Set.of("order-placed"));
        hears.put("ledger", Set.of("order-placed"));
        hears.put("shipping", Set.of("order-placed", "stock-short"));
        hears.put("notification", Set.of("order-placed", "stock-short"));
        hears.put(
                "status",
                Set.of(
                        "order-placed",
                        "stock-reserved",
                        "stock-short",
                        "shipment-prepared",
                        "shipment-held",
                        "customer-notified",
                        "shortage-notified"));
        return hears;
    }

    private void find(int rule, String what, Object of) {
        findings.add(new Finding(rule, what, of.toString()));
    }

    private void read() {
        for (Line line : evidence.orders()) {
            if (line.header(Evidence.FOREIGN).equals(Evidence.IGNORED)) {
                ignored++;
            } else if (!isOrder(line)) {
                garbage.add(line);
            } else if (orders.putIfAbsent(UUID.fromString(line.key()), line) == null) {
                bodies.put(UUID.fromString(line.key()), json(line.body()));
            }
        }
        Stream.concat(evidence.orders().stream().filter(Checker::isOrder), evidence.events().stream())
                .forEach(line -> lines.computeIfAbsent(line.key() + "/" + line.type(), e -> new ArrayList<>(1))
                        .add(line));
        orders.keySet().forEach(id -> eventIds.add(id + "/" + Event.ORDER_PLACED));
        evidence.events().forEach(line -> eventIds.add(line.key() + "/" + line.type()));
        evidence.effects()
                .forEach(effect -> effects.computeIfAbsent(
                                id(effect.service(), effect.orderId(), effect.event()), e -> new ArrayList<>(1))
                        .add(effect));
        evidence.receipts()
                .forEach(receipt -> receipts.put(id(receipt.service(), receipt.orderId(), receipt.event()), receipt));
    }

    private static boolean isOrder(Line line) {
        return !line.body().equals(GARBAGE) && line.header(Evidence.FOREIGN).isEmpty();
    }

    /** Whether a service can never have read an event, wherever it stands. */
    private boolean isDestroyed(String service, List<Line> of) {
        return !of.isEmpty()
                && of.stream().allMatch(line -> evidence.destroyed().stream().anyMatch(one -> one.has(service, line)));
    }

    /** Rules 1, 3 and 4, as far as they are about the topic of orders. */
    private void requests() {
        Map<String, Set<UUID>> byReference = new HashMap<>();
        bodies.forEach((id, body) -> byReference
                .computeIfAbsent(body.path("reference").asText(), r -> new HashSet<>())
                .add(id));
        Map<String, Wish> wishes = new HashMap<>();
        for (Wish wish : evidence.wishes()) {
            wishes.put(wish.key, wish);
            Set<UUID> kept = byReference.getOrDefault(wish.key, Set.of());
            for (String orderId : wish.orderIds()) {
                if (!kept.contains(UUID.fromString(orderId))) {
                    find(1, "accepted and not in the topic", orderId);
                }
            }
            if (kept.size() > 1 || wish.orderIds().size() > 1) {
                find(3, "more than one order for one request", wish.key);
            }
            if (wish.outcome() == Outcome.FAIL && !kept.isEmpty()) {
                find(3, "refused and in the topic", wish.key);
            }
        }
        bodies.forEach((id, body) -> {
            Wish wish = wishes.get(body.path("reference").asText());
            if (wish == null) {
                find(3, "in the topic without a request", id);
            } else if (!wanted(body).equals(json(wish.body))) {
                find(4, "kept with another content", id);
            }
        });
        evidence.orders().stream()
                .filter(Checker::isOrder)
                .filter(line -> !json(line.body()).path("orderId").asText().equals(line.key()))
                .forEach(line -> find(1, "not under its own key", line.at()));
    }

    private static JsonNode wanted(JsonNode kept) {
        ObjectNode copy = kept.deepCopy();
        copy.remove("orderId");
        copy.remove("placedAt");
        return copy;
    }

    /** Rules 2, 3, 4 and 8: each event in each service that hears it. */
    private void effects() {
        Set<String> letters = new HashSet<>();
        evidence.deadLetters().forEach(line -> letters.add(line.header("orderflow-id")));
        for (String eventId : eventIds) {
            UUID order = UUID.fromString(eventId.substring(0, eventId.indexOf('/')));
            String type = eventId.substring(eventId.indexOf('/') + 1);
            HEARS.forEach((service, hears) -> {
                if (hears.contains(type)) {
                    effect(service, order, type, letters.contains(service + "/" + eventId));
                }
            });
        }
        effects.values().stream()
                .map(same -> same.get(0))
                .filter(effect -> !eventIds.contains(effect.orderId() + "/" + effect.event()))
                .forEach(effect -> find(3, "effect of " + effect.service() + " without a record", effect.orderId()));
    }

    private void effect(String service, UUID order, String type, boolean letter) {
        String id = id(service, order, type);
        List<Effect> made = effects.getOrDefault(id, List.of());
        Receipt receipt = receipts.get(id);
        boolean redriven = receipt != null && receipt.attempt() > 1 && !receipt.parked();
        if (redriven && made.size() != 1) {
            find(8, "redriven, with " + made.size() + " effects", id);
        } else if (made.size() > 1) {
            find(2, "double: " + made.size() + " effects", id);
        } else if (made.isEmpty()
                && !letter
                && !isDestroyed(service, lines.getOrDefault(order + "/" + type, List.of()))) {
            find(2, "lost: neither effect nor dead letter", id);
        } else if (made.size() == 1 && letter && !redriven) {
            find(2, "double: an effect and a dead letter", id);
        }
        if (made.size() == 1
                && orders.containsKey(order)
                && !made.get(0).content().isEmpty()) {
            content(made.get(0), bodies.get(order));
        }
    }

    private void content(Effect effect, JsonNode order) {
        Map<String, Long> wanted = new TreeMap<>();
        long pieces = 0;
        for (JsonNode line : order.path("lines")) {
            wanted.put(line.path("sku").asText(), line.path("quantity").asLong());
            pieces += line.path("quantity").asLong();
        }
        String expected = switch (effect.service()) {
            case "inventory" -> wanted.toString();
            case "shipping" -> Long.toString(pieces);
            case "status" -> order.path("customer").path("id").asText();
            default -> effect.content();
        };
        if (!effect.content().equals(expected)) {
            find(
                    4,
                    "effect of %s is %s, but was to be %s".formatted(effect.service(), effect.content(), expected),
                    effect.orderId());
        }
    }

    /** Rule 2: garbage has one dead letter of each service, and no dead letter is a surprise. */
    private void letters() {
        Set<String> expected = new HashSet<>();
        for (Line line : garbage) {
            HEARS.keySet().stream()
                    .filter(service -> !isDestroyed(service, List.of(line)))
                    .forEach(service -> expected.add(service + "/" + line.at()));
        }
        bodies.forEach((id, body) -> {
            if (body.path("lines").path(0).path("quantity").asInt() == Client.POISON_PIECES) {
                expected.add("shipping/" + id + "/" + Event.ORDER_PLACED);
            }
        });
        Set<String> found = new HashSet<>();
        for (Line letter : evidence.deadLetters()) {
            // A place has the record's timestamp behind it.
            String id = letter.header("orderflow-id").replaceFirst("(@\\d+)/\\d+$", "$1");
            if (found.add(id) && !expected.contains(id)) {
                find(2, "unexplained dead letter", id + " " + letter.header("kafka_dlt-exception-message"));
            }
        }
        expected.stream()
                .filter(id -> id.contains("@") && !found.contains(id))
                .forEach(id -> find(2, "lost: unreadable and without a dead letter", id));
    }

    /** Rule 8: what was sent back is home. */
    private void redriven() {
        for (String id : evidence.redriven()) {
            Receipt receipt = receipts.get(id);
            if (receipt == null || receipt.parked() || receipt.attempt() < 2) {
                find(8, "redriven, and not home", id);
            }
        }
    }

    /** Rule 5. */
    private void receipts() {
        Map<String, Set<String>> said = new HashMap<>();
        receipts.forEach((id, receipt) -> {
            boolean made = effects.containsKey(id);
            if (receipt.parked() == made) {
                find(5, receipt.parked() ? "parked, and an effect" : "receipt without effect", id);
            }
            if (!receipt.parked() && !receipt.outcome().isEmpty()) {
                for (JsonNode one : json(receipt.outcome())) {
                    String event = receipt.orderId() + "/" + one.path("type").asText();
                    said.computeIfAbsent(event, e -> new HashSet<>()).add(receipt.service());
                    if (!eventIds.contains(event)) {
                        find(5, "said by " + receipt.service() + ", and not in the topic", event);
                    }
                }
            }
        });
        effects.keySet().stream()
                .filter(id -> !receipts.containsKey(id))
                .forEach(id -> find(5, "effect without receipt", id));
        Set<String> told = new HashSet<>();
        for (Line line : evidence.events()) {
            String event = line.key() + "/" + line.type();
            String service = line.header("ce_source").replace("/orderflow/", "");
            if (told.add(event) && !said.getOrDefault(event, Set.of()).contains(service)) {
                find(5, "in the topic, and said by no receipt of " + service, event);
            }
        }
    }

    /** Rule 6. */
    private void order() {
        Map<String, Integer> partitions = new HashMap<>();
        Map<String, Instant> newest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (List<Line> topic : List.of(evidence.orders(), evidence.events())) {
            for (Line line : topic) {
                if (!line.header(Evidence.FOREIGN).isEmpty()) {
                    continue;
                }
                if (partitions.merge(line.key(), line.partition(), (was, is) -> was) != line.partition()) {
                    find(6, "in two partitions", line.key());
                }
                String source = line.key() + line.header("ce_source") + OF_EVENTS.contains(line.type());
                // Garbage has no time.
                if (!line.header("ce_time").isEmpty() && seen.add(line.key() + line.type())) {
                    // As times and not as text, whose order depends on how many digits a fraction has.
                    Instant time = Instant.parse(line.header("ce_time"));
                    Instant before = newest.put(source, time);
                    if (before != null && before.isAfter(time)) {
                        find(6, "out of order", line.at());
                    }
                }
            }
        }
    }

    /** Rule 7. */
    private void places() {
        for (Place place : evidence.places()) {
            if (Math.max(0, place.committed()) != place.end()) {
                find(
                        7,
                        "stuck at %d of %d".formatted(place.committed(), place.end()),
                        place.group() + " in " + place.topic() + "-" + place.partition());
            }
        }
    }

    /** Rule 9. */
    private void topics() {
        evidence.topics().stream()
                .filter(topic -> !topic.startsWith("__") && !topics.contains(topic))
                .forEach(topic -> find(9, "unknown topic", topic));
        for (List<Line> lines : List.of(evidence.orders(), evidence.events(), evidence.deadLetters())) {
            for (Line line : lines) {
                for (String name : line.headers().keySet()) {
                    boolean ours = name.startsWith("ce_")
                            || name.startsWith("orderflow-")
                            || name.startsWith("kafka_dlt-")
                            || name.equals(Evidence.FOREIGN)
                            || name.equals("content-type")
                            || name.equals("traceparent");
                    if (!ours) {
                        find(9, "header " + name, line.at());
                    }
                }
            }
        }
    }

    /** Rule 10. */
    private void stock() {
        Map<String, Long> reserved = new HashMap<>();
        for (Effect effect : evidence.effects()) {
            boolean isReservation =
                    effect.service().equals("inventory") && !effect.content().isEmpty();
            JsonNode order = bodies.get(effect.orderId());
            if (isReservation && order != null) {
                order.path("lines")
                        .forEach(line -> reserved.merge(
                                line.path("sku").asText(), line.path("quantity").asLong(), Long::sum));
            }
        }
        for (Stock item : evidence.stock()) {
            long taken = reserved.getOrDefault(item.sku(), 0L);
            if (item.onHand() != evidence.seeded().getOrDefault(item.sku(), -1L)) {
                find(10, "on hand is not what was seeded", item);
            }
            if (item.reserved() != taken) {
                find(10, "reserved, but the reservations say " + taken, item);
            }
            if (item.reserved() < 0 || item.reserved() > item.onHand()) {
                find(10, "more reserved than there is", item);
            }
        }
    }

    /** Rule 12. */
    private void audit() {
        JsonNode audit = evidence.audit();
        Set<String> destroyed = new TreeSet<>();
        evidence.destroyed()
                .forEach(one ->
                        offsets(destroyed, one.service(), one.topic() + "-" + one.partition(), one.from(), one.to()));
        Set<String> named = new TreeSet<>();
        for (JsonNode passed : audit.path("passed")) {
            // What somebody else committed is done again, and not lost.
            if (!passed.path("kind").asText().equals("foreign-commit")) {
                offsets(
                        named,
                        passed.path("service").asText(),
                        passed.path("partition").asText(),
                        passed.path("from").asLong(),
                        passed.path("to").asLong());
            }
        }
        if (!named.equals(destroyed)) {
            find(12, "the audit names other offsets than were destroyed", named + ", and not " + destroyed);
        }
        if (audit.path("ignored").asLong() != ignored) {
            find(12, "the audit does not count " + ignored + " ignored records", audit.path("ignored"));
        }
        for (JsonNode service : audit.path("services")) {
            for (String offence : List.of("lost", "duplicated", "unseen", "wrong")) {
                if (service.path(offence).asLong() != 0) {
                    find(12, "the audit cries wolf: " + offence, service);
                }
            }
        }
        if (!audit.path("clean").asBoolean()) {
            find(12, "the audit is not clean", audit);
        }
    }

    private static void offsets(Set<String> to, String service, String partition, long from, long behind) {
        for (long offset = from; offset < behind; offset++) {
            to.add(service + " " + partition + "@" + offset);
        }
    }

    private static String id(String service, UUID order, String event) {
        return service + "/" + order + "/" + event;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + text, e);
        }
    }
}
