package dev.orderflow.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which dead letters; all that is given must fit. */
final class LetterOptions {

    static final String ID = "[0-9a-f]{24}";

    @Option(names = "--service", paramLabel = "NAME", description = "Those that this service parked.")
    private String service;

    @Option(names = "--fingerprint", paramLabel = "CAUSE", description = "Those of one cause.")
    private String fingerprint;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Parked last at this time or later, such as 2026-11-22T10:00:00Z.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Parked last before this time.")
    private String to;

    /** By the names of the REST API, in its order. */
    Map<String, String> given() {
        var given = new LinkedHashMap<String, String>();
        put(given, "service", service);
        put(given, "fingerprint", fingerprint);
        put(given, "from", from);
        put(given, "to", to);
        return given;
    }

    static void put(Map<String, String> given, String name, String value) {
        if (value != null) {
            given.put(name, value);
        }
    }
}
