package dev.orderflow.reading;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.CollectionType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * One value of a body. What is not of its type is noted and stepped over, so that the reading goes on and one answer has
 * all that is wrong. Nothing is turned into another type: {@code "5"} is no number, and 5.0 no whole one.
 */
final class StrictValue extends DelegatingDeserializer {

    private static final Set<Class<?>> SCALARS =
            Set.of(long.class, Long.class, boolean.class, Boolean.class, String.class, Instant.class);

    private static final int DIGITS_MAX = 18;
    private static final long MIN = Long.MIN_VALUE;
    private static final long MAX = Long.MAX_VALUE;

    private final String name;
    private final String wanted;
    private final long min;
    private final long max;
    private final transient BiConsumer<Object, Violations> judge;

    private StrictValue(
            JsonDeserializer<?> value,
            String name,
            String wanted,
            long min,
            long max,
            BiConsumer<Object, Violations> judge) {
        super(value);
        this.name = name;
        this.wanted = wanted;
        this.min = min;
        this.max = max;
        this.judge = judge;
    }

    /** @param judge gets the whole body, null when it is no object, and what was noted of it */
    static Module module(String example, BiConsumer<Object, Violations> judge) {
        return new SimpleModule()
                .addDeserializer(Instant.class, new Time())
                .setDeserializerModifier(new BeanDeserializerModifier() {
                    @Override
                    public JsonDeserializer<?> modifyDeserializer(
                            DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> value) {
                        Class<?> type = bean.getBeanClass();
                        return type.isRecord() || SCALARS.contains(type) ? strict(value) : value;
                    }

                    @Override
                    public JsonDeserializer<?> modifyCollectionDeserializer(
                            DeserializationConfig config,
                            CollectionType type,
                            BeanDescription bean,
                            JsonDeserializer<?> value) {
                        return strict(value);
                    }

                    private JsonDeserializer<?> strict(JsonDeserializer<?> value) {
                        return new StrictValue(value, "", "an object such as " + example, MIN, MAX, judge);
                    }
                });
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property)
            throws JsonMappingException {
        var value = context.handleSecondaryContextualization(
                getDelegatee(), property, context.constructType(handledType()));
        if (property == null) {
            return newDelegatingInstance(value);
        }
        var bounds = Optional.ofNullable(property.getAnnotation(Whole.class));
        return new StrictValue(
                value,
                property.getName(),
                bounds.map(StrictValue::wanted).orElse(wanted(handledType())),
                bounds.map(Whole::min).orElse(MIN),
                bounds.map(Whole::max).orElse(MAX),
                judge);
    }

    private static String wanted(Whole bounds) {
        return "a whole number from %,d to %,d".formatted(bounds.min(), bounds.max());
    }

    private static String wanted(Class<?> type) {
        if (type == String.class) {
            return "text";
        }
        if (type == Instant.class) {
            return "a time such as 2026-11-22T10:00:00Z";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        return type.isRecord() ? "an object" : "a whole number";
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> value) {
        return new StrictValue(value, name, wanted, min, max, judge);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (violations(context) != null) {
            return value(parser, context);
        }
        var violations = begin(context);
        Object body = value(parser, context);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "more follows");
        }
        judge.accept(body, violations);
        return body;
    }

    private Object value(JsonParser parser, DeserializationContext context) throws IOException {
        if (fits(parser)) {
            return super.deserialize(parser, context);
        }
        Object none = refused(context, found(parser));
        parser.skipChildren();
        return none;
    }

    @Override
    public Object getNullValue(DeserializationContext context) throws JsonMappingException {
        if (violations(context) == null) {
            var violations = begin(context);
            refused(context, "null");
            judge.accept(null, violations);
        }
        // Jackson asks here too for what stands in the place of a value that was refused.
        boolean isNull = context.getParser().currentToken() == JsonToken.VALUE_NULL;
        return isNull ? refused(context, "null") : super.getNullValue(context);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
        if (handledType().isPrimitive()) {
            violations(context).add(objectAt(context.getParser()), name + " is missing");
        }
        return super.getNullValue(context);
    }

    private Object refused(DeserializationContext context, String found) throws JsonMappingException {
        String pointer = Question.shown(at(context.getParser()).pathAsPointer().toString());
        String place = pointer.isEmpty() ? "the body" : pointer.substring(1);
        violations(context).add(pointer, "%s must be %s, but was %s".formatted(place, wanted, found));
        return super.getNullValue(context);
    }

    private static String found(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "'" + Question.shown(parser.getText()) + "'";
            default -> Question.shown(parser.getText());
        };
    }

    private boolean fits(JsonParser parser) throws IOException {
        Class<?> type = handledType();
        return switch (parser.currentToken()) {
            case START_OBJECT -> type.isRecord();
            case START_ARRAY -> Collection.class.isAssignableFrom(type);
            case VALUE_TRUE, VALUE_FALSE -> type == Boolean.class || type == boolean.class;
            case VALUE_STRING ->
                type == String.class && isText(parser.getText()) || type == Instant.class && isTime(parser.getText());
            case VALUE_NUMBER_INT ->
                (type == Long.class || type == long.class)
                        && parser.getTextLength() <= DIGITS_MAX
                        && parser.getLongValue() >= min
                        && parser.getLongValue() <= max;
            default -> false;
        };
    }

    // PostgreSQL's text holds everything but NUL.
    private static boolean isText(String text) {
        return !text.isEmpty() && text.indexOf('\0') < 0;
    }

    private static boolean isTime(String text) {
        try {
            Question.time(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Violations begin(DeserializationContext context) {
        var violations = new Violations();
        context.setAttribute(Violations.class, violations);
        return violations;
    }

    static Violations violations(DeserializationContext context) {
        return (Violations) context.getAttribute(Violations.class);
    }

    /** Where the object is whose members are read. */
    static String objectAt(JsonParser parser) {
        var here = at(parser);
        return (parser.currentToken() == JsonToken.END_OBJECT ? here : here.getParent())
                .pathAsPointer()
                .toString();
    }

    // Behind the first token of an object or array Jackson is inside of it already.
    private static JsonStreamContext at(JsonParser parser) {
        var here = parser.getParsingContext();
        return parser.currentToken().isStructStart() ? here.getParent() : here;
    }

    private static final class Time extends StdScalarDeserializer<Instant> {

        Time() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Question.time(parser.getText());
        }
    }
}
