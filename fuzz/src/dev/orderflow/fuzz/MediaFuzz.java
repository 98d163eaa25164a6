package dev.orderflow.fuzz;

import dev.orderflow.http.MediaType;
import dev.orderflow.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Content-Type, Content-Encoding and Accept are taken or refused with a sentence; they never throw. */
public final class MediaFuzz {

    private static final String JSON = "application/json";

    private MediaFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("text/html;q=0.5, */*".getBytes(StandardCharsets.UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        // As Netty gives a header to its reader.
        String header = new String(input, StandardCharsets.ISO_8859_1);
        Optional<Problem> wrong = MediaType.wrong(JSON, header);
        wrong.ifPresent(problem -> isProblem(problem, 415));
        Promise.holds(wrong.isPresent() || MediaType.is(JSON, header), "taken for JSON: " + header);
        Promise.holds(
                wrong.isPresent()
                        || MediaType.wrong(JSON, header + ";charset=utf-16").isPresent(),
                "a charset is not seen: " + header);

        Optional<Problem> coding = MediaType.wrongEncoding(header);
        coding.ifPresent(problem -> isProblem(problem, 415));
        Promise.holds(coding.isEmpty() || !MediaType.isGzip(header), "gzip, and refused: " + header);

        List<String> ranges = new ArrayList<>(Arrays.asList(header.split(",", -1)));
        Collections.reverse(ranges);
        Promise.holds(
                MediaType.accepts(header, JSON) == MediaType.accepts(String.join(",", ranges), JSON),
                "the order of ranges counts: " + header);
        Promise.holds(MediaType.accepts(header + "," + JSON, JSON), "JSON is named, and not accepted: " + header);
    }

    private static void isProblem(Problem problem, int status) {
        Promise.holds(problem.status() == status, "status " + problem.status());
        Promise.isSentence(problem.detail());
        Promise.holds(problem.json().length > 0, "no JSON");
    }
}
