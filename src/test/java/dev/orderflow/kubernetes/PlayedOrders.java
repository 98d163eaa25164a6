package dev.orderflow.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.World;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Orders and poison that are the same to the byte in each world where they are played: ids, times, bodies, headers. */
final class PlayedOrders {

    static final String SKU = "A";
    static final String SECOND_SKU = "B";
    /** Of each record. */
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    private static final int PLAIN = 40;
    private static final String NO_STOCK = "none";
    /** Of a word that is none, Jackson 2.20 says where it ends and 2.22 where it begins; of a missing colon both say the same. */
    private static final String NO_JSON = "{\"orderId\" 1}";

    private PlayedOrders() {}

    /** Of this order it is a matter of time whether its parcel is booked before its shortage is heard. */
    static boolean isShort(String orderId) {
        return orderId.equals(id("short").toString());
    }

    /** For {@code order-events}, before the first service starts, so that their offsets are the same. */
    static List<ProducerRecord<String, byte[]>> events(World world) {
        UUID order = id("shortage without a customer");
        var poison = Records.event(
                world.events(), order, "stock-short", "{\"orderId\":\"%s\",\"missing\":[]}".formatted(order));
        return List.of(at(poison));
    }

    /** For {@code orders}: of each way that a service can go, and of each kind that no service can read. */
    static List<ProducerRecord<String, byte[]>> orders(World world) {
        String topic = world.orders();
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        for (int i = 0; i < PLAIN; i++) {
            records.add(Records.placed(topic, Records.order(id("plain " + i), SKU, 1 + i % 3)));
        }
        records.add(Records.placed(topic, abroad()));
        records.add(Records.placed(topic, Records.order(id("pallet"), SKU, 101)));
        records.add(Records.placed(topic, Records.order(id("short"), NO_STOCK, 1)));

        records.add(Records.event(topic, id("no JSON"), Event.ORDER_PLACED, NO_JSON));
        records.add(keyed(id("another key"), Records.placed(topic, Records.order(id("keyed wrongly"), SKU, 1))));
        records.add(withoutType(Records.placed(topic, Records.order(id("no type"), SKU, 1))));
        records.add(withoutBody(Records.placed(topic, Records.order(id("no body"), SKU, 1))));
        records.add(redriven(Records.event(topic, id("redriven"), Event.ORDER_PLACED, NO_JSON)));
        return records.stream().map(PlayedOrders::at).toList();
    }

    /** How many letters the poison becomes: four services read four of the kinds, one each of the others. */
    static int deadLetters() {
        return 4 * 4 + 2;
    }

    private static Order abroad() {
        return new Order(
                id("abroad"),
                AT,
                new Order.Customer("c-2", "renee@example.org"),
                new Order.Address(
                        "Ren\u00e9e \u6771\u4eac \ud83d\udce6", "Rue \u00c9mile \"1\"", "Paris", "75001", "FR"),
                "EUR",
                List.of(
                        new Order.Line(SKU, 2, new BigDecimal("12.50")),
                        new Order.Line(SECOND_SKU, 1, new BigDecimal("0.01"))),
                "A note: <&> \\");
    }

    private static ProducerRecord<String, byte[]> keyed(UUID key, ProducerRecord<String, byte[]> record) {
        return new ProducerRecord<>(record.topic(), null, null, key.toString(), record.value(), record.headers());
    }

    private static ProducerRecord<String, byte[]> withoutType(ProducerRecord<String, byte[]> record) {
        record.headers().remove(CloudEvents.TYPE);
        return record;
    }

    private static ProducerRecord<String, byte[]> withoutBody(ProducerRecord<String, byte[]> record) {
        return new ProducerRecord<>(record.topic(), null, null, record.key(), null, record.headers());
    }

    /** As {@code orderflow redrive} appends a letter again. */
    private static ProducerRecord<String, byte[]> redriven(ProducerRecord<String, byte[]> record) {
        record.headers().add("orderflow-redrive-service", "shipping".getBytes(UTF_8));
        record.headers().add("orderflow-attempt", "3".getBytes(UTF_8));
        record.headers().add("orderflow-id", "shipping/the-first-time".getBytes(UTF_8));
        return record;
    }

    private static ProducerRecord<String, byte[]> at(ProducerRecord<String, byte[]> record) {
        return new ProducerRecord<>(
                record.topic(), null, AT.toEpochMilli(), record.key(), record.value(), record.headers());
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    }
}
