package dev.orderflow.events;

import java.util.Locale;

/** Header and type names of CloudEvents 1.0 in the Kafka binary binding. */
public final class CloudEvents {

    public static final String ID = "ce_id";
    public static final String TYPE = "ce_type";
    public static final String SOURCE = "ce_source";
    public static final String TIME = "ce_time";
    public static final String SPECVERSION = "ce_specversion";
    public static final String CONTENT_TYPE = "content-type";
    /** An extension of ours: the version of the route file that said it; absent where no route file did. */
    public static final String ROUTE_VERSION = "ce_routeversion";

    public static final String TRACEPARENT = "traceparent";

    private static final String PREFIX = "dev.orderflow.";
    private static final String VERSION = ".v1";

    private CloudEvents() {}

    /** {@code stock-short} to {@code dev.orderflow.stock-short.v1}. */
    public static String wireType(String type) {
        return PREFIX + type + VERSION;
    }

    /** What a type was meant to be that {@link #shortType} does not know: of another version, or spelt a little otherwise. */
    public static String likelyType(String wireType) {
        String text = wireType.strip().toLowerCase(Locale.ROOT);
        return text.startsWith(PREFIX)
                ? text.substring(PREFIX.length())
                        .replaceFirst("\\.?v?[0-9.]*$", "")
                        .strip()
                : "";
    }

    /** {@code dev.orderflow.stock-short.v1} to {@code stock-short}; empty for a type that is not ours or of another version. */
    public static String shortType(String wireType) {
        return wireType.startsWith(PREFIX) && wireType.endsWith(VERSION)
                ? wireType.substring(PREFIX.length(), wireType.length() - VERSION.length())
                : "";
    }
}
