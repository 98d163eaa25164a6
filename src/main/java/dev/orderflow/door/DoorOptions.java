package dev.orderflow.door;

import dev.orderflow.Settings;
import java.util.List;

/** The door's settings, checked. */
record DoorOptions(
        String host,
        int port,
        List<Token> tokens,
        int workers,
        int queueMax,
        int idleTimeoutMs,
        int requestTimeoutMs,
        int headerBytesMax,
        int bodyBytesMax,
        boolean async) {

    static DoorOptions of(Settings settings) {
        String engine = settings.text("intake.engine");
        if (!engine.equals("async") && !engine.equals("stock")) {
            throw new IllegalArgumentException(
                    "Setting 'intake.engine' must be async or stock, but is '%s'.".formatted(engine));
        }
        return new DoorOptions(
                settings.text("orderflow.http.host"),
                settings.number("orderflow.http.port", 0, 65_535),
                Token.parse(settings.text("door.tokens")),
                settings.number("door.workers", 1, 1_000),
                settings.number("door.queueMax", 1, 1_000_000),
                settings.number("door.idleTimeoutMs", 1_000, 3_600_000),
                settings.number("door.requestTimeoutMs", 100, 600_000),
                settings.number("door.headerBytesMax", 1_024, 1_048_576),
                settings.number("intake.bodyBytesMax", 1_024, 1_073_741_824),
                engine.equals("async"));
    }
}
