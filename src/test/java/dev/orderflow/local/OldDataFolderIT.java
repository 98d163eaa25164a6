package dev.orderflow.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Ports;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.OldKafka;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Shop;
import dev.orderflow.testing.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A data folder that the embedded broker of an earlier build wrote, with the Kafka of then. */
@EnabledIfSystemProperty(named = OldKafka.VERSIONS, matches = ".+", disabledReason = "./mvnw -Pbrokers verify runs it.")
class OldDataFolderIT {

    private static final int ORDERS = 50;

    @TempDir
    Path data;

    @Test
    void isTakenUpAsItIsAndKeepsItsFeatures() throws Exception {
        // Given
        int port = Ports.free();
        String brokers = "127.0.0.1:" + port;
        var orders = Stream.generate(UUID::randomUUID).limit(ORDERS).toList();
        Map<String, Short> features;
        try (var old = OldKafka.start(
                OldKafka.versions().get(0),
                BrokerAloneMain.class.getName(),
                data.resolve("kafka").toString(),
                Integer.toString(port))) {
            old.await("READY");
            try (var admin = Admin.create(Map.of("bootstrap.servers", brokers));
                    var topics = new Topics(brokers)) {
                admin.createTopics(Stream.of("orders", "order-events", "orders-dlt", "read")
                                .map(name -> new NewTopic(name, 3, (short) 1))
                                .toList())
                        .all()
                        .get();
                topics.append(orders.stream()
                        .map(id -> Records.placed("orders", Records.order(id, Shop.SKU, 1)))
                        .toList());
                topics.append("read", "k", "v", Map.of());
                topics.commitEnds("reader", "read");
                features = features(admin);
            }
            old.kill();
        }
        assertThat(features).doesNotContainKey("group.version");

        // When
        try (var app = RunningApp.start(Embedded.settings(data), Map.of());
                var shop = Shop.of(app);
                var admin =
                        Admin.create(Map.of("bootstrap.servers", app.settings().text("kafka.brokers")))) {

            // Then
            shop.await("shipments", ORDERS, "SELECT count(*) FROM shipping.shipment");
            var later = shop.order(1).get(0);
            shop.await("a new order", 1, "SELECT count(*) FROM shipping.shipment WHERE order_id = ?", later);
            assertThat(shop.topics.readAll("orders"))
                    .extracting(kafkaRecord -> UUID.fromString(kafkaRecord.key()))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(orders.stream(), Stream.of(later)).toList());
            assertThat(shop.topics.readAll("read")).extracting(Topics::text).isEqualTo(List.of("v"));
            assertThat(shop.topics.lag("reader", "read")).isZero();
            assertThat(features(admin)).isEqualTo(features);
        }
        assertThatThrownBy(() -> RunningApp.start(Embedded.settings(data), Map.of("kafka.group.protocol", "consumer")))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("their feature group.version is not set");
    }

    private static Map<String, Short> features(Admin admin) throws Exception {
        return admin.describeFeatures().featureMetadata().get().finalizedFeatures().entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, feature -> feature.getValue().maxVersionLevel()));
    }
}
