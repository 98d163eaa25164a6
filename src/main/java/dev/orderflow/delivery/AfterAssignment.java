package dev.orderflow.delivery;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/** A rebalance listener, and something to do when it has heard of an assignment. */
final class AfterAssignment implements ConsumerRebalanceListener {

    private final ConsumerRebalanceListener first;
    private final Runnable then;

    private AfterAssignment(ConsumerRebalanceListener first, Runnable then) {
        this.first = first;
        this.then = then;
    }

    /** The arguments of a subscription, with such a one in place of its listener. */
    static Object[] in(Object[] arguments, Runnable then) {
        Object[] own = arguments.clone();
        for (int i = 0; i < own.length; i++) {
            own[i] =
                    own[i] instanceof ConsumerRebalanceListener listener ? new AfterAssignment(listener, then) : own[i];
        }
        return own;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        first.onPartitionsRevoked(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        first.onPartitionsAssigned(partitions);
        then.run();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        first.onPartitionsLost(partitions);
    }
}
