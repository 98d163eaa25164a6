package dev.orderflow.reading;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import dev.orderflow.NearMiss;
import java.io.IOException;
import java.util.stream.Collectors;

/** Notes a member that nobody would look at, with what was probably meant, and steps over it. */
final class UnknownMember extends DeserializationProblemHandler {

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context, JsonParser parser, JsonDeserializer<?> record, Object read, String name)
            throws IOException {
        var known = record.getKnownPropertyNames().stream()
                .map(String::valueOf)
                .sorted()
                .toList();
        String meant = NearMiss.of(name, known)
                .map(" (did you mean '%s'?)"::formatted)
                .orElse(known.stream().collect(Collectors.joining(", ", ", only ", "")));
        String member = Question.shown(name);
        // Jackson may have put the member aside: the reader itself knows in which object it stands.
        StrictValue.violations(context)
                .add(
                        StrictValue.objectAt(context.getParser()) + "/"
                                + member.replace("~", "~0").replace("/", "~1"),
                        "'%s' is not known here%s".formatted(member, meant));
        parser.skipChildren();
        return true;
    }
}
