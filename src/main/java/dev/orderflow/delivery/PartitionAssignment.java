package dev.orderflow.delivery;

import java.util.Collection;
import org.apache.camel.component.kafka.consumer.support.subcription.SubscribeAdapter;
import org.apache.camel.component.kafka.consumer.support.subcription.TopicInfo;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Subscribes as Camel does, and notes when the group has given a consumer its partitions. Camel finds it in the
 * registry under the name {@code subscribeAdapter}; the interface stands among the component's internals. That a consumer
 * can have a rebalance listener of the application has no issue yet.
 */
public class PartitionAssignment implements SubscribeAdapter {

    private Deliveries deliveries = new Deliveries();

    public void setDeliveries(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener camels, TopicInfo topics) {
        consumer.subscribe(topics.getTopics(), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                camels.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                camels.onPartitionsAssigned(partitions);
                deliveries.joined(consumer.groupMetadata().groupId());
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                camels.onPartitionsLost(partitions);
            }
        });
    }
}
