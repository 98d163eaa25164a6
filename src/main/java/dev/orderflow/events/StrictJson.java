package dev.orderflow.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;

/** The limits of all JSON that comes from outside, and the one sentence for bytes that are none. */
public final class StrictJson {

    private StrictJson() {}

    public static JsonFactory factory(int depthMax) {
        return new JsonFactoryBuilder()
                // RFC 8259 wants UTF-8; without this Jackson would also guess UTF-16 and UTF-32.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depthMax)
                        .maxNameLength(1_000)
                        .maxNumberLength(1_000)
                        .build())
                .build();
    }

    public static String notUtf8(String subject) {
        return "The %s is not valid UTF-8.".formatted(subject);
    }

    /** Jackson's own message quotes the text around the place; this does not. */
    public static String malformed(String subject, IOException e, int depthMax) {
        String place = "";
        // A limit that is passed has no place.
        if (e instanceof JsonProcessingException at && at.getLocation() != null) {
            place = " at line %d, column %d"
                    .formatted(at.getLocation().getLineNr(), at.getLocation().getColumnNr());
        }
        if (e instanceof JsonEOFException) {
            return "The %s ends too early: its JSON is not closed%s.".formatted(subject, place);
        }
        if (e instanceof StreamConstraintsException) {
            return "The %s nests deeper than %d levels, or holds a name or number that is far too long%s."
                    .formatted(subject, depthMax, place);
        }
        return "The %s is not valid JSON%s.".formatted(subject, place);
    }
}
