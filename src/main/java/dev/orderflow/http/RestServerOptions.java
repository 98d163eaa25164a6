package dev.orderflow.http;

import dev.orderflow.credentials.Token;
import dev.orderflow.settings.Settings;
import java.util.List;

/** The door's settings, checked. */
record RestServerOptions(
        String host,
        int port,
        List<Token> tokens,
        int workers,
        int queueMax,
        int idleTimeoutMs,
        int requestTimeoutMs,
        int exchangeTimeoutMs,
        int headerBytesMax,
        int bodyBytesMax,
        boolean async) {

    static RestServerOptions of(Settings settings) {
        return new RestServerOptions(
                settings.text("orderflow.http.host"),
                settings.number("orderflow.http.port"),
                Token.parse(settings.text("door.tokens")),
                settings.number("door.workers"),
                settings.number("door.queueMax"),
                settings.number("door.idleTimeoutMs"),
                settings.number("door.requestTimeoutMs"),
                settings.number("door.exchangeTimeoutMs"),
                settings.number("door.headerBytesMax"),
                settings.number("intake.bodyBytesMax"),
                settings.choice("intake.engine").equals("async"));
    }
}
