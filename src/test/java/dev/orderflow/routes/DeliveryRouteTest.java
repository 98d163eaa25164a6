package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryRouteTest extends CamelTestSupport {

    private StagedRoutes staged;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        staged = new StagedRoutes(StagedRoutes.shipped(), Map.of());
        return staged.context();
    }

    @BeforeEach
    void forget() {
        staged.journal.clear();
    }

    @Test
    void putsNoErrorHandlerBetweenAStepAndItsTransaction() {
        var configuration = context.getCamelContextExtension()
                .getContextPlugin(Model.class)
                .getRouteConfigurationDefinition("delivery");

        assertThat(configuration.getErrorHandler().getErrorHandlerType()).isInstanceOf(NoErrorHandlerDefinition.class);
        assertThat(configuration.getOnExceptions()).isEmpty();
        assertThat(context.getRouteDefinitions())
                .extracting(RouteDefinition::getRouteId)
                .containsExactlyInAnyOrder("dead-letter", "receipts-retention");
        assertThat(context.getRouteDefinition("dead-letter").getRouteConfigurationId())
                .isEqualTo("delivery");
    }

    @Test
    void waitsForTheAcknowledgementOfADeadLetter() throws Exception {
        staged.broker.holdAcknowledgements();

        var sent = template.asyncRequestBody("direct:dead-letter", "bytes".getBytes());

        var waiting = template.asyncRequestBody("direct:dead-letter", "more".getBytes());
        org.awaitility.Awaitility.await()
                .until(() -> staged.broker.appended("orders-dlt").size() == 2);
        assertThat(sent).isNotDone();
        assertThat(waiting).isNotDone();
        staged.broker.acknowledge();
        sent.get(5, TimeUnit.SECONDS);
        waiting.get(5, TimeUnit.SECONDS);
    }

    @Test
    void appendsADeadLetterWithTheHeadersOfOneAndNoOther() {
        template.sendBodyAndHeaders(
                "direct:dead-letter",
                "bytes".getBytes(),
                Map.of(
                        KafkaHeaders.KEY,
                        "o-1",
                        "ce_id",
                        "o-1/order-placed",
                        "kafka_dlt-original-topic",
                        "orders",
                        "orderflow-service",
                        "shipping",
                        "subject",
                        "private"));

        assertThat(staged.broker.appended("orders-dlt")).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isEqualTo("o-1");
            assertThat(letter.value()).isEqualTo("bytes".getBytes());
            assertThat(letter.headers())
                    .extracting(Header::key)
                    .containsExactlyInAnyOrder("ce_id", "kafka_dlt-original-topic", "orderflow-service");
        });
    }

    @Test
    void failsWithADeadLetterThatIsNotAcknowledged() {
        staged.broker.refuse("orders-dlt");

        var failed =
                template.send("direct:dead-letter", exchange -> exchange.getIn().setBody("bytes".getBytes()));

        assertThat(failed.getException()).isNotNull().hasMessageContaining("not acknowledged");
    }

    @Test
    void removesOldReceiptsNowAndThen() throws Exception {
        var route = context.getRoute("receipts-retention");
        var timer = (TimerEndpoint) route.getEndpoint();
        assertThat(timer.getDelay()).isEqualTo(60_000);
        assertThat(timer.getPeriod()).isEqualTo(Settings.load().number("delivery.receipts.removeEveryMs"));

        ((TimerConsumer) route.getConsumer()).getProcessor().process(new DefaultExchange(context));

        int hours = Settings.load().number("delivery.receipts.retentionHours");
        assertThat(staged.journal.all(StubDatabase.Statement.class))
                .singleElement()
                .satisfies(statement -> {
                    assertThat(statement.sql()).startsWith("DELETE FROM delivery.receipts");
                    assertThat(statement.parameters()).isEqualTo(List.of(hours, 10_000));
                });
    }
}
