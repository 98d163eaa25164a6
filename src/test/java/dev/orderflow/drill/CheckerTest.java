package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.drill.Checker.Finding;
import dev.orderflow.drill.Evidence.Destroyed;
import dev.orderflow.drill.Evidence.Effect;
import dev.orderflow.drill.Evidence.Line;
import dev.orderflow.drill.Evidence.Place;
import dev.orderflow.drill.Evidence.Receipt;
import dev.orderflow.drill.Evidence.Stock;
import dev.orderflow.drill.History.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker itself, on made-up evidence: one order that all services did, and then one thing wrong with it. */
class CheckerTest {

    private static final UUID ORDER = UUID.fromString("00000000-0000-8000-8000-000000000001");
    private static final String WISHED = """
            {"customer":{"id":"c-1"},"lines":[{"sku":"PLENTY","quantity":3}],"reference":"drill-1"}""";
    private static final String RESERVED = """
            [{"type":"stock-reserved","time":"2026-11-22T10:00:01Z","body":{}}]""";

    private final Wish wish = new Wish("drill-1", WISHED);
    private final List<Wish> wishes = new ArrayList<>(List.of(wish));
    private final List<Line> orders = new ArrayList<>();
    private final List<Line> events = new ArrayList<>();
    private final List<Line> letters = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private final List<Stock> stock = new ArrayList<>(List.of(new Stock("PLENTY", 100, 3)));
    private final List<Place> places = new ArrayList<>(List.of(new Place("inventory", "orders", 0, 1, 1)));
    private final Set<String> topics = new HashSet<>(Set.of("orders", "__consumer_offsets"));
    private final Set<String> redriven = new HashSet<>();
    private final Set<Destroyed> destroyed = new HashSet<>();
    private final ObjectNode audit = new ObjectMapper().createObjectNode().put("clean", true);

    @BeforeEach
    void oneOrderThatAllServicesDid() {
        wish.answered(202, ORDER.toString());
        orders.add(order(ORDER, 0));
        events.add(event("stock-reserved", "inventory", "2026-11-22T10:00:01Z", 0));
        Checker.HEARS.keySet().forEach(service -> done(service, "order-placed", content(service)));
        done("status", "stock-reserved", "");
    }

    private static String content(String service) {
        return switch (service) {
            case "inventory" -> "{PLENTY=3}";
            case "shipping" -> "3";
            case "status" -> "c-1";
            default -> "";
        };
    }

    private void done(String service, String event, String content) {
        effects.add(new Effect(service, ORDER, event, content));
        receipts.add(new Receipt(service, ORDER, event, false, 1, service.equals("inventory") ? RESERVED : ""));
    }

    private static Line order(UUID id, long offset) {
        String body = "{\"orderId\":\"" + id + "\",\"placedAt\":\"2026-11-22T10:00:00Z\"," + WISHED.substring(1);
        return line("orders", 0, offset, id, "order-placed", "intake", "2026-11-22T10:00:00Z", body);
    }

    private static Line event(String type, String service, String time, int partition) {
        return line("order-events", partition, 0, ORDER, type, service, time, "");
    }

    private static Line line(
            String topic, int partition, long offset, UUID key, String type, String service, String time, String body) {
        Map<String, String> headers = new HashMap<>();
        headers.put("ce_type", "dev.orderflow." + type + ".v1");
        headers.put("ce_source", "/orderflow/" + service);
        headers.put("ce_time", time);
        return new Line(topic, partition, offset, key.toString(), headers, body);
    }

    private static Line letter(String id) {
        return new Line("orders-dlt", 0, 0, "k", Map.of("orderflow-id", id), "");
    }

    private void change(String service, String event, Receipt to) {
        receipts.removeIf(
                receipt -> receipt.service().equals(service) && receipt.event().equals(event));
        if (to != null) {
            receipts.add(to);
        }
    }

    private void undo(String service) {
        effects.removeIf(effect -> effect.service().equals(service));
    }

    private List<String> found() {
        var evidence = new Evidence(
                wishes,
                orders,
                events,
                letters,
                receipts,
                effects,
                stock,
                Map.of("PLENTY", 100L),
                places,
                topics,
                redriven,
                destroyed,
                audit);
        return Checker.check(evidence, Set.of("orders", "order-events", "orders-dlt")).stream()
                .map(Finding::toString)
                .sorted()
                .toList();
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertThat(found()).isEmpty();
    }

    @Test
    void takesARepeatedRecordAndARepeatedEventForWhatTheyAre() {
        orders.add(order(ORDER, 1));
        events.add(events.get(0));

        assertThat(found()).isEmpty();
    }

    @Test
    void rule1FindsA202ThatIsNotInTheTopic() {
        var other = new Wish("drill-2", WISHED.replace("drill-1", "drill-2"));
        other.answered(202, "00000000-0000-8000-8000-000000000002");
        wishes.add(other);

        assertThat(found()).singleElement().asString().startsWith("rule 1: accepted and not in the topic");
    }

    @Test
    void rule2FindsALostOrder() {
        undo("ledger");
        change("ledger", "order-placed", null);

        assertThat(found()).singleElement().asString().startsWith("rule 2: lost");
    }

    @Test
    void rule2FindsASecondEffect() {
        effects.add(new Effect("ledger", ORDER, "order-placed", ""));

        assertThat(found()).singleElement().asString().startsWith("rule 2: double: 2 effects");
    }

    @Test
    void rule2FindsADeadLetterBesideAnEffectAndThatNobodyExpectedIt() {
        letters.add(letter("ledger/" + ORDER + "/order-placed"));

        assertThat(found())
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("rule 2: double: an effect and a dead letter"),
                        two -> assertThat(two).startsWith("rule 2: unexplained dead letter"));
    }

    @Test
    void rule2FindsGarbageThatOneServiceDidNotPark() {
        orders.add(line("orders", 0, 7, UUID.randomUUID(), "order-placed", "intake", "", "this is no order"));
        Checker.HEARS.keySet().stream()
                .filter(service -> !service.equals("shipping"))
                .forEach(service -> letters.add(letter(service + "/orders-0@7")));

        assertThat(found()).containsExactly("rule 2: lost: unreadable and without a dead letter: shipping/orders-0@7");
    }

    @Test
    void rule3FindsAnOrderThatNobodyPlaced() {
        wishes.clear();

        assertThat(found()).singleElement().asString().startsWith("rule 3: in the topic without a request");
    }

    @Test
    void rule3FindsARefusedOrderInTheTopic() {
        var refused = new Wish("drill-1", WISHED);
        refused.answered(422, "");
        wishes.set(0, refused);

        assertThat(found()).containsExactly("rule 3: refused and in the topic: drill-1");
    }

    @Test
    void rule3FindsAnEffectOfNoRecord() {
        UUID nobody = UUID.randomUUID();
        effects.add(new Effect("ledger", nobody, "order-placed", ""));
        receipts.add(new Receipt("ledger", nobody, "order-placed", false, 1, ""));

        assertThat(found()).containsExactly("rule 3: effect of ledger without a record: " + nobody);
    }

    @Test
    void rule3AllowsAnUnknownOneToBeThereOrNot() {
        var unknown = new Wish("drill-1", WISHED);
        unknown.answered(503, "");
        var gone = new Wish("drill-9", WISHED.replace("drill-1", "drill-9"));
        gone.answered(0, "");
        wishes.set(0, unknown);
        wishes.add(gone);

        assertThat(found()).isEmpty();
    }

    @Test
    void rule4FindsAnotherContentInTheRecordAndInTheEffect() {
        wishes.set(0, new Wish("drill-1", WISHED.replace("c-1", "c-2")));
        effects.removeIf(effect -> effect.service().equals("shipping"));
        effects.add(new Effect("shipping", ORDER, "order-placed", "4"));

        assertThat(found())
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("rule 4: effect of shipping is 4, but was to be 3"),
                        two -> assertThat(two).startsWith("rule 4: kept with another content"));
    }

    @Test
    void rule5FindsAnEffectWithoutReceipt() {
        change("ledger", "order-placed", null);

        assertThat(found()).singleElement().asString().startsWith("rule 5: effect without receipt");
    }

    @Test
    void rule5FindsAReceiptWithoutEffect() {
        undo("ledger");

        assertThat(found()).anySatisfy(one -> assertThat(one).startsWith("rule 5: receipt without effect"));
    }

    @Test
    void rule5FindsAnEventThatWasSaidAndNeverAppended() {
        events.clear();
        effects.removeIf(effect -> effect.event().equals("stock-reserved"));
        change("status", "stock-reserved", null);

        assertThat(found())
                .containsExactly("rule 5: said by inventory, and not in the topic: " + ORDER + "/stock-reserved");
    }

    @Test
    void rule6FindsWhatAServiceSaidOutOfOrder() {
        events.add(event("stock-short", "inventory", "2026-11-22T10:00:00.999Z", 0));

        assertThat(found()).contains("rule 6: out of order: order-events-0@0");
    }

    @Test
    void rule6ComparesTimesAndNotTheirText() {
        // As text, the time without a fraction is behind every one with a fraction.
        events.add(event("stock-short", "inventory", "2026-11-22T10:00:01.931Z", 0));

        assertThat(found()).noneMatch(finding -> finding.startsWith("rule 6"));
    }

    @Test
    void rule6FindsAnOrderInTwoPartitions() {
        events.set(0, event("stock-reserved", "inventory", "2026-11-22T10:00:01Z", 2));

        assertThat(found()).containsExactly("rule 6: in two partitions: " + ORDER);
    }

    @Test
    void rule7FindsAGroupThatIsBehind() {
        places.add(new Place("shipping", "orders", 2, 3, 5));

        assertThat(found()).containsExactly("rule 7: stuck at 3 of 5: shipping in orders-2");
    }

    @Test
    void rule8FindsARedrivenRecordThatDidNothing() {
        undo("ledger");
        change("ledger", "order-placed", new Receipt("ledger", ORDER, "order-placed", false, 2, ""));

        assertThat(found()).anySatisfy(one -> assertThat(one).startsWith("rule 8: redriven, with 0 effects"));
    }

    @Test
    void rule8FindsARedrivenLetterThatIsNotHome() {
        redriven.add("ledger/" + ORDER + "/order-placed");

        assertThat(found()).containsExactly("rule 8: redriven, and not home: ledger/" + ORDER + "/order-placed");
    }

    @Test
    void rule9FindsAnUnknownTopicAndAHeaderOfAClient() {
        topics.add("elsewhere");
        orders.get(0).headers().put("user-agent", "drill");

        assertThat(found())
                .containsExactly("rule 9: header user-agent: orders-0@0", "rule 9: unknown topic: elsewhere");
    }

    @Test
    void rule10FindsStockThatDoesNotAddUp() {
        stock.set(0, new Stock("PLENTY", 99, 101));

        assertThat(found()).hasSize(3).allSatisfy(one -> assertThat(one).startsWith("rule 10:"));
    }

    @Test
    void rule2TakesWhatWasDestroyedForOneServiceAndForNoOther() {
        undo("ledger");
        change("ledger", "order-placed", null);
        destroyed(1, 1);

        assertThat(found()).isEmpty();

        undo("notification");
        change("notification", "order-placed", null);

        assertThat(found()).singleElement().asString().startsWith("rule 2: lost");
    }

    @Test
    void rule2FindsARepeatThatWasNotDestroyed() {
        undo("ledger");
        change("ledger", "order-placed", null);
        destroyed(1, 1);
        orders.add(order(ORDER, 7));

        assertThat(found()).singleElement().asString().startsWith("rule 2: lost");
    }

    @Test
    void rule12FindsAnAuditThatNamesTooMuchOrTooLittle() {
        undo("ledger");
        change("ledger", "order-placed", null);
        destroyed(1, 2);

        assertThat(found()).singleElement().asString().startsWith("rule 12: the audit names other offsets");

        destroyed(2, 1);

        assertThat(found()).singleElement().asString().startsWith("rule 12: the audit names other offsets");
    }

    @Test
    void rule12FindsAnAuditThatCriesWolf() {
        audit.putArray("services").addObject().put("service", "ledger").put("lost", 1);

        assertThat(found()).singleElement().asString().startsWith("rule 12: the audit cries wolf: lost");
    }

    @Test
    void rule12FindsAnAuditThatDoesNotCountForeignRecords() {
        orders.add(new Line("orders", 0, 1, "k", Map.of(Evidence.FOREIGN, Evidence.IGNORED), "{}"));

        assertThat(found()).singleElement().asString().startsWith("rule 12: the audit does not count 1 ignored");
    }

    @Test
    void rule2FindsAForeignRecordThatIsNotParked() {
        orders.add(new Line("orders", 0, 1, "k", Map.of(Evidence.FOREIGN, Evidence.PARKED), "{}"));

        assertThat(found()).isNotEmpty().allMatch(one -> one.startsWith("rule 2: lost: unreadable"));
    }

    /** The ledger cannot do what stands before {@code behind}, and the audit says so of what stands before {@code named}. */
    private void destroyed(long named, long behind) {
        destroyed.clear();
        destroyed.add(new Destroyed("ledger", "orders", 0, 0, behind));
        audit.putArray("passed")
                .addObject()
                .put("service", "ledger")
                .put("partition", "orders-0")
                .put("from", 0)
                .put("to", named)
                .put("kind", "skipped");
    }
}
