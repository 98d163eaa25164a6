package dev.orderflow.http;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What clients write in Content-Type, Content-Encoding and Accept (RFC 9110, 8.3, 8.4 and 12.5.1), read as it is meant. */
public final class MediaType {

    /** UTF-8, and what is UTF-8 too. */
    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii", "ascii");

    private MediaType() {}

    /**
     * Whether a body of this type is read as {@code wanted}. Parameters other than charset change nothing.
     *
     * @param found the header; null where there is none
     * @return what is wrong with it
     */
    public static Optional<Problem> wrong(String wanted, String found) {
        if (found == null) {
            return Optional.of(Problem.unsupportedMediaType(wanted, "no Content-Type"));
        }
        if (!is(wanted, found) || found.contains(", ")) {
            return Optional.of(Problem.unsupportedMediaType(wanted, "another"));
        }
        String[] parts = found.split(";");
        for (int i = 1; i < parts.length; i++) {
            String[] parameter = parts[i].split("=", 2);
            if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("charset")) {
                String charset = parameter[1].replace("\"", "").strip().toLowerCase(Locale.ROOT);
                if (!CHARSETS.contains(charset)) {
                    return Optional.of(Problem.unsupportedMediaType(wanted, "a charset other than UTF-8"));
                }
            }
        }
        return Optional.empty();
    }

    /** The header's lines as one list (RFC 9110, 5.3); null where there is none. */
    public static String list(MultiMap headers, String name) {
        List<String> lines = headers.getAll(name);
        return lines.isEmpty() ? null : lines.size() == 1 ? lines.get(0) : String.join(", ", lines);
    }

    /** Whether the header names this type, whatever its parameters. */
    public static boolean is(String type, String header) {
        int end = header.indexOf(';');
        return header.substring(0, end < 0 ? header.length() : end).strip().equalsIgnoreCase(type);
    }

    /** Whether a body is gzip. */
    public static boolean isGzip(String encoding) {
        return encoding != null
                && (encoding.strip().equalsIgnoreCase("gzip")
                        || encoding.strip().equalsIgnoreCase("x-gzip"));
    }

    /** What is wrong with a Content-Encoding: gzip is read, and none. */
    public static Optional<Problem> wrongEncoding(String encoding) {
        return encoding == null
                        || encoding.isBlank()
                        || isGzip(encoding)
                        || encoding.strip().equalsIgnoreCase("identity")
                ? Optional.empty()
                : Optional.of(HttpProblems.unsupportedEncoding());
    }

    /** Whether an Accept header lets an answer of this type through; its quality is above 0 then. */
    public static boolean accepts(String accept, String type) {
        if (accept == null || accept.isBlank()) {
            return true;
        }
        double best = -1;
        int precision = -1;
        for (String range : accept.split(",")) {
            String[] parts = range.split(";", -1);
            int match = match(parts[0].strip().toLowerCase(Locale.ROOT), type);
            // The most precise range counts.
            if (match > precision) {
                precision = match;
                best = quality(parts);
            } else if (match == precision && match >= 0) {
                best = Math.max(best, quality(parts));
            }
        }
        return best > 0;
    }

    private static int match(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) {
            return 1;
        }
        return range.equals("*/*") || range.equals("*") ? 0 : -1;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=") || parameter.startsWith("Q=")) {
                try {
                    double quality = Double.parseDouble(parameter.substring(2).strip());
                    return quality >= 0 && quality <= 1 ? quality : 1;
                } catch (NumberFormatException e) {
                    return 1;
                }
            }
        }
        return 1;
    }
}
