package dev.orderflow.cases;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One case of a cases file.
 *
 * <pre>
 * - case: what holds
 *   given:
 *     stock: {$mug: 5}
 *     rows: {shipping.shipment: [{order_id: $o1, state: held}]}
 *   when:                                # steps; the service is done with one before the next begins
 *     - {order: $o1, lines: {$mug: 2}}   # an order that intake appended; country, email, key, times are optional
 *     - {event: stock-short, order: $o2, missing: []}        # another service's event; the rest is its body
 *     - {raw: no JSON, order: $o3, times: 2}                 # any bytes, with the headers of an order
 *     - [{order: $o4}, {order: $o5}]     # appended together
 *   then:                                # each is all that the case left there, in any order
 *     events: [{event: stock-reserved, order: $o1, lines: []}]   # the members of the body that are named
 *     rows: {inventory.stock: [{sku: $mug, reserved: 2}]}    # rows of the case's orders and goods; the columns named
 *     dead: [{order: $o3, cause: the sentence}]
 *     mails: [{to: ada@example.org, subject: Your order, id: the Message-ID, text: the text}]
 * </pre>
 *
 * <p>Without {@code rows} no row is looked at; without the other words of {@code then} there must be nothing.
 * {@code $o1} is an order id, and {@code $mug} an SKU, that no other case has.
 */
record Case(String name, List<List<Step>> when, Given given, Then then) {

    private static final Pattern OWN = Pattern.compile("\\$([A-Za-z][A-Za-z0-9-]*)");
    private static final Pattern ORDER = Pattern.compile("o\\d+");

    record Given(Map<String, Integer> stock, Map<String, List<Map<String, Object>>> rows) {}

    /** Records that are appended as one; {@code times} of each. */
    sealed interface Step permits PlacedOrder, OtherEvent, Raw {
        int times();
    }

    record PlacedOrder(UUID order, Map<String, Integer> lines, String country, String email, String key, int times)
            implements Step {}

    record OtherEvent(UUID order, String event, Map<String, Object> body, int times) implements Step {}

    record Raw(UUID order, String bytes, int times) implements Step {}

    record Said(UUID order, String event, Map<String, Object> body) {}

    record Dead(UUID order, String cause) {}

    record Mail(String to, String subject, String id, String text) {}

    record Then(
            List<Said> events,
            Optional<Map<String, List<Map<String, Object>>>> rows,
            List<Dead> dead,
            List<Mail> mails) {}

    /** Every case of a file; a word that is not known is refused with its place. */
    static List<Case> read(String file, String yaml) {
        var cases = new ArrayList<Case>();
        var load = new Load(LoadSettings.builder().setLabel(file).build());
        for (Object entry : Words.asList(load.loadFromString(yaml))) {
            String place = file + ", case " + (cases.size() + 1);
            cases.add(read(place, new Words(place, own(entry, new LinkedHashMap<>()))));
        }
        return cases;
    }

    private static Case read(String place, Words words) {
        String name = String.valueOf(words.need("case"));
        String named = place + " '" + name + "'";
        var given = given(new Words(named + ", given", words.take("given").orElse(Map.of())));
        var when = words.list("when").stream()
                .map(step -> Words.asList(step).stream()
                        .map(one -> step(new Words(named + ", when", one)))
                        .toList())
                .toList();
        var then = then(named + ", then", new Words(named + ", then", words.need("then")));
        words.end();
        return new Case(name, when, given, then);
    }

    private static Given given(Words words) {
        var stock = quantities(words.take("stock").orElse(Map.of()));
        var rows = rows(words.take("rows").orElse(Map.of()));
        words.end();
        return new Given(stock, rows);
    }

    private static Step step(Words words) {
        var order = UUID.fromString(String.valueOf(words.need("order")));
        int times = words.number("times", 1);
        if (words.has("raw")) {
            var raw = new Raw(order, words.text("raw", ""), times);
            words.end();
            return raw;
        }
        if (words.has("event")) {
            return new OtherEvent(order, words.text("event", ""), words.rest(), times);
        }
        var placed = new PlacedOrder(
                order,
                quantities(words.take("lines").orElse(Map.of("any", 1))),
                words.text("country", "GB"),
                words.text("email", "ada@example.org"),
                words.text("key", order.toString()),
                times);
        words.end();
        return placed;
    }

    private static Then then(String place, Words words) {
        var events = words.list("events").stream()
                .map(event -> new Words(place + " events", event))
                .map(event -> new Said(
                        UUID.fromString(String.valueOf(event.need("order"))),
                        String.valueOf(event.need("event")),
                        event.rest()))
                .toList();
        var rows = words.take("rows").map(Case::rows);
        var dead = words.list("dead").stream()
                .map(letter -> dead(new Words(place + " dead", letter)))
                .toList();
        var mails = words.list("mails").stream()
                .map(mail -> mail(new Words(place + " mails", mail)))
                .toList();
        words.end();
        return new Then(events, rows, dead, mails);
    }

    private static Dead dead(Words words) {
        var dead = new Dead(UUID.fromString(String.valueOf(words.need("order"))), String.valueOf(words.need("cause")));
        words.end();
        return dead;
    }

    private static Mail mail(Words words) {
        var mail = new Mail(
                String.valueOf(words.need("to")),
                String.valueOf(words.need("subject")),
                String.valueOf(words.need("id")),
                String.valueOf(words.need("text")).strip());
        words.end();
        return mail;
    }

    private static Map<String, Integer> quantities(Object yaml) {
        var quantities = new LinkedHashMap<String, Integer>();
        new Words("quantities", yaml).rest().forEach((sku, quantity) -> quantities.put(sku, (Integer) quantity));
        return quantities;
    }

    private static Map<String, List<Map<String, Object>>> rows(Object yaml) {
        var tables = new LinkedHashMap<String, List<Map<String, Object>>>();
        new Words("rows", yaml)
                .rest()
                .forEach((table, rows) -> tables.put(
                        table,
                        Words.asList(rows).stream()
                                .map(row -> new Words(table, row).rest())
                                .toList()));
        return tables;
    }

    /** Puts what is the case's own in the place of each {@code $word}, in keys too. */
    private static Object own(Object yaml, Map<String, String> known) {
        if (yaml instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<String, Object>();
            map.forEach((key, value) -> copy.put(own(String.valueOf(key), known).toString(), own(value, known)));
            return copy;
        }
        if (yaml instanceof List<?> list) {
            return list.stream().map(entry -> own(entry, known)).toList();
        }
        return yaml instanceof String text
                ? OWN.matcher(text).replaceAll(word -> known.computeIfAbsent(word.group(1), Case::fresh))
                : yaml;
    }

    private static String fresh(String word) {
        String id = UUID.randomUUID().toString();
        return ORDER.matcher(word).matches() ? id : word + "-" + id.substring(0, 8);
    }
}
