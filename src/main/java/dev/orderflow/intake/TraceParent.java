package dev.orderflow.intake;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The {@code traceparent} of a record (W3C Trace Context): the client's trace goes on, or a new one begins. */
final class TraceParent {

    private static final int LENGTH = 55;
    private static final int TRACE_ID_END = 35;
    private static final int FLAGS_START = 53;
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    private TraceParent() {}

    /** @param received the client's header, or any text at all */
    static String next(String received) {
        return isValid(received)
                ? received.substring(0, TRACE_ID_END) + "-" + id() + "-" + received.substring(FLAGS_START)
                : "00-" + id() + id() + "-" + id() + "-01";
    }

    // Version 00 only: of a later version no more than its first fields would be known.
    private static boolean isValid(String text) {
        boolean valid = text.length() == LENGTH && text.startsWith("00-");
        for (int i = 3; valid && i < LENGTH; i++) {
            char c = text.charAt(i);
            valid = i == 35 || i == 52 ? c == '-' : c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
        }
        return valid && !text.startsWith(NO_TRACE, 3) && !text.startsWith(NO_SPAN, 36);
    }

    // 64 bits as hexadecimal digits, never all zero.
    private static String id() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1L);
    }
}
