package dev.orderflow.events;

import java.time.Instant;

/** Times as text (RFC 3339). Orders of one millisecond share it, since printing a time costs as much as reading a line. */
public final class Times {

    private record Printed(Instant time, String text) {}

    private static volatile Printed last = new Printed(Instant.EPOCH, Instant.EPOCH.toString());

    private Times() {}

    public static String text(Instant time) {
        var printed = last;
        if (!printed.time.equals(time)) {
            printed = new Printed(time, time.toString());
            last = printed;
        }
        return printed.text;
    }
}
