package dev.orderflow.http;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * What passes between HTTP and Camel's message headers. In: query parameters and headers with a plain name; nothing that
 * a Camel component would obey, in any letter case (CVE-2026-49098). Out: the few headers that our answers have.
 */
final class HttpHeaderFilter implements HeaderFilterStrategy {

    private static final int NAME_MAX = 64;
    private static final Set<String> ANSWERED = Set.of(
            "location",
            "allow",
            "retry-after",
            "www-authenticate",
            "cache-control",
            "etag",
            "link",
            "vary",
            "preference-applied",
            "content-disposition");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !ANSWERED.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !isPlain(name)
                || startsWith(name, "camel")
                || startsWith(name, "kafka")
                || startsWith(name, "breadcrumb");
    }

    // Letters, digits and dashes: every header of a component that is obeyed has a dot, or begins with Camel.
    private static boolean isPlain(String name) {
        boolean plain = !name.isEmpty() && name.length() <= NAME_MAX;
        for (int i = 0; plain && i < name.length(); i++) {
            char c = name.charAt(i);
            plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-';
        }
        return plain;
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
