package dev.orderflow.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * Times as text (RFC 3339), on every wire with three digits of the second's fraction, so that a list of them sorts as text
 * as it does as times. Every order has one: printing or reading it by a formatter costs as much as a line of the order.
 */
public final class Times {

    private record Printed(Instant time, String text) {}

    /** As {@link #text} prints a time. */
    private static final String USUAL = "0000-00-00T00:00:00.000Z";

    private static final int SECONDS_OF_DAY = 86_400;
    private static final int NANOS_OF_MS = 1_000_000;

    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private static volatile Printed last = new Printed(Instant.EPOCH, MILLISECONDS.format(Instant.EPOCH));

    private Times() {}

    /** What is shorter than a millisecond is left out. Orders of one millisecond share the text. */
    public static String text(Instant time) {
        var printed = last;
        if (!printed.time.equals(time)) {
            printed = new Printed(time, MILLISECONDS.format(time));
            last = printed;
        }
        return printed.text;
    }

    /** @throws DateTimeException when it is no time in RFC 3339 */
    public static Instant parse(String text) {
        return isUsual(text) ? usual(text) : Instant.parse(text);
    }

    private static boolean isUsual(String text) {
        boolean usual = text.length() == USUAL.length();
        for (int i = 0; usual && i < USUAL.length(); i++) {
            char c = text.charAt(i);
            usual = USUAL.charAt(i) == '0' ? c >= '0' && c <= '9' : c == USUAL.charAt(i);
        }
        // Later ones do not exist, or are rare enough for the formatter: 24:00, and leap seconds.
        return usual && number(text, 11, 13) < 24 && number(text, 14, 16) < 60 && number(text, 17, 19) < 60;
    }

    private static Instant usual(String text) {
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int second = (number(text, 11, 13) * 60 + number(text, 14, 16)) * 60 + number(text, 17, 19);
        return Instant.ofEpochSecond(day * SECONDS_OF_DAY + second, (long) number(text, 20, 23) * NANOS_OF_MS);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
