package dev.orderflow.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as the header Date has it (RFC 9110, 5.6.7 and 6.6.1); written once a second. */
public final class HttpDate {

    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static volatile Written last = new Written(0, "");

    private record Written(long second, String text) {}

    private HttpDate() {}

    public static String now() {
        long second = System.currentTimeMillis() / 1_000;
        Written written = last;
        if (written.second != second) {
            written = new Written(second, IMF_FIXDATE.format(Instant.ofEpochSecond(second)));
            last = written;
        }
        return written.text;
    }
}
