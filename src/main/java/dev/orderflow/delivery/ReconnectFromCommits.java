package dev.orderflow.delivery;

import org.apache.camel.component.kafka.PollExceptionStrategy;

/**
 * What Camel does when polling fails, whatever the failure: rest, tell, and poll on with a new client, whose positions
 * are the committed offsets. Camel throws away what it had gathered for a batch by then, so any other position would
 * pass records. A consumer's thread never ends by it.
 */
public class ReconnectFromCommits implements PollExceptionStrategy {

    /** Never false: Camel would end the consumer's thread for good. */
    @Override
    public boolean canContinue() {
        return true;
    }

    @Override
    public void handle(long partitionLastOffset, Exception failure) {
        ReconnectingConsumer.ofThisThread().ifPresent(consumer -> consumer.recover(failure));
    }
}
