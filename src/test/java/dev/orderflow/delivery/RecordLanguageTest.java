package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Event;
import dev.orderflow.testing.Records;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.bean.BeanExpression;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code simple} reads of records: the same as without the short way, whatever stands in the expression. */
class RecordLanguageTest {

    /** With all that Camel's own way knows and a record's methods do not. */
    public record Shop(String name, List<String> goods, Shop parent, Object any, boolean open, int[] sizes) {

        public String getTitle() {
            return "the " + name;
        }

        public String greet(String whom) {
            return "hello " + whom;
        }

        public String fails() {
            throw new IllegalStateException("fails");
        }
    }

    private static final UUID ID = UUID.fromString("00000000-0000-7000-8000-000000000001");

    private static final Shop SHOP = new Shop(
            "inner",
            List.of("mug", "cup"),
            new Shop("outer", List.of(), null, Map.of("k", "v"), false, new int[] {1}),
            "text",
            true,
            new int[] {7});

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${body}",
                "${body.name}",
                "${body.name.length}",
                "${body.name.toUpperCase()}",
                "${body.title}",
                "${body.getTitle}",
                "${body.open}",
                "${body.goods}",
                "${body.goods[1]}",
                "${body.goods[last]}",
                "${body.goods.size}",
                "${body.parent.name}",
                "${body.parent.parent}",
                "${body.parent?.parent?.name}",
                "${body.parent.parent.name}",
                "${body.parent.any[k]}",
                "${body.any}",
                "${body.any.length}",
                "${body.sizes}",
                "${body.greet('Ada')}",
                "${body.fails}",
                "${body.nothing}",
                "${body.hashCode}",
                "${body.toString}",
                "${body.getClass}",
                "${body.class.simpleName}",
                "${body.parent.open} == false",
                "${body.name} == 'inner' && ${body.open}",
                "${exchangeProperty.shop.parent.name}",
                "${header.shop.name}"
            })
    void readsWhatCamelReads(String expression) throws Exception {
        assertThat(read(true, expression, SHOP)).isEqualTo(read(false, expression, SHOP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${body.orderId}",
                "${body.id}",
                "${body.type} == 'order-placed'",
                "${body.order.pieces} > 100",
                "${body.order.shipTo.country} == 'DE'",
                "${body.order.lines[0].sku}",
                "${body.order.customer.email}",
                "${body.data}"
            })
    void readsEventsAsCamelDoes(String expression) throws Exception {
        var order = Records.order(ID, "mug", 120);
        var event = new Event(ID, Event.ORDER_PLACED, Instant.EPOCH, order);

        assertThat(read(true, expression, event)).isEqualTo(read(false, expression, event));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${body.name}", "${body.parent.name} == 'outer'", "${exchangeProperty.shop.parent.name}"})
    void asksCamelForNothingThatRecordsAnswer(String expression) throws Exception {
        List<Expression> made = new ArrayList<>();
        var language = new RecordLanguage() {
            @Override
            public Expression createExpression(String expression, Object[] properties) {
                made.add(super.createExpression(expression, properties));
                return made.get(0);
            }
        };

        read(Optional.of(language), expression, SHOP);

        assertThat(made).isNotEmpty().noneMatch(BeanExpression.class::isInstance);
    }

    private static String read(boolean ours, String expression, Object body) throws Exception {
        return read(ours ? Optional.of(new RecordLanguage()) : Optional.empty(), expression, body);
    }

    private static String read(Optional<RecordLanguage> language, String expression, Object body) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            language.ifPresent(ours -> context.getRegistry().bind("bean-language", ours));
            context.start();
            assertThat(context.resolveLanguage("bean") instanceof RecordLanguage)
                    .isEqualTo(language.isPresent());
            Exchange exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("shop", SHOP);
            exchange.setProperty("shop", SHOP);
            var simple = context.resolveLanguage("simple").createExpression(expression);
            try {
                simple.init(context);
                Object value = simple.evaluate(exchange, Object.class);
                return value == null ? "null" : value.getClass().getName() + ": " + value;
            } catch (RuntimeException e) {
                return e.getClass().getName() + ": "
                        + String.valueOf(e.getMessage()).replaceAll("@[0-9a-f]+|Exchange\\[[^]]*]", "");
            }
        }
    }
}
