package dev.orderflow.local;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The embedded broker alone, {@code FOLDER PORT}, on whichever Kafka the class path has. */
final class BrokerAloneMain {

    private BrokerAloneMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println("READY");
        new CountDownLatch(1).await();
    }
}
