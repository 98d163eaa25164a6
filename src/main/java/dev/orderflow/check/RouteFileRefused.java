package dev.orderflow.check;

/** Why a version of a route file is not taken: one sentence with file, line, what was found, and what is allowed. */
public final class RouteFileRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RouteFileRefused(String file, int line, String sentence, Object... details) {
        super("%s:%d: %s".formatted(file, line, sentence.formatted(details)), null, false, false);
    }

    /** For what concerns the file as a whole. */
    public RouteFileRefused(String file, String sentence) {
        super(file + ": " + sentence, null, false, false);
    }
}
