package dev.orderflow.local;

import dev.orderflow.settings.Settings;
import java.util.concurrent.CountDownLatch;

/** The embedded parts alone, as a child JVM that a test can kill. */
final class LocalMain {

    private LocalMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        var parts = new EmbeddedParts().start(Settings.load());
        Runtime.getRuntime().addShutdownHook(new Thread(parts::close));
        System.out.println("READY " + parts.settings().text("kafka.brokers") + " "
                + parts.settings().text("database.url") + " " + parts.settings().text("database.password"));
        new CountDownLatch(1).await();
    }
}
