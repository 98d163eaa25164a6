package dev.orderflow.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.orderflow.database.Database;
import dev.orderflow.delivery.Once;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each pitfall is refused with its sentence, before the route starts. */
class HouseRulesTest {

    private static final String DELIVERY = """
            - routeConfiguration:
                id: delivery
                errorHandler:
                  noErrorHandler: {}
            """;

    private static final String LOYALTY = """
            - route:
                id: loyalty
                description: Add points for each order
                routeConfigurationId: delivery
                autoStartup: false
                from:
                  uri: kafka:orders
                  parameters:
                    groupId: loyalty
                    batching: true
                  steps:
                    - policy:
                        ref: once
                        steps:
                          - log:
                              message: points
                    - to:
                        uri: kafka:order-events
            """;

    private static final String SPLIT = """
            - split:
                stopOnException: true
                expression:
                  simple:
                    expression: ${body}
                steps:
                  - log:
                      message: part
            """.indent(14);

    @Test
    void takesARouteThatKeepsThem() {
        assertThatCode(() -> start(LOYALTY)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "description: Add points for each order | description: '' | has no description",
                "groupId: loyalty | groupId: points | its groupId is 'points'. Set groupId to 'loyalty'",
                "batching: true | batching: false | batching is not true",
                "batching: true | batching: true, allowManualCommit: false | allowManualCommit is not",
                "batching: true | batching: true, breakOnFirstError: false | breakOnFirstError is not true",
                "batching: true | batching: true, autoOffsetReset: latest | autoOffsetReset is 'latest'",
                "batching: true | batching: true, seekTo: BEGINNING | sets offsetRepository, seekTo",
                "batching: true | batching: true, valueDeserializer: org.apache.kafka.common.serialization.StringDeserializer | valueDeserializer is",
                "batching: true | batching: true, kafkaClientFactory: '#class:org.apache.camel.component.kafka.DefaultKafkaClientFactory' | another kafkaClientFactory",
                "routeConfigurationId: delivery | routeConfigurationId: '{{x}}' | is the placeholder '{{x}}'",
                "routeConfigurationId: delivery | routeConfigurationId: delivry | routeConfigurationId is 'delivry'",
                "policy: | transacted: | transacted",
                "ref: once | ref: other | its first step is not 'policy'",
            })
    void refuses(String found, String replacement, String sentence) {
        String yaml = replacement.contains(", ")
                ? LOYALTY.replace(found, replacement.replace(", ", "\n        "))
                : LOYALTY.replace(found, replacement);

        assertThat(refusal(yaml))
                .contains("Service 'loyalty'")
                .contains(sentence)
                .contains("docs/add-a-service.md");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stopOnException: true | stopOnException: false | no stopOnException",
                "stopOnException: true | stopOnException: true, parallelProcessing: true | has parallelProcessing",
                "- log: | - threads:, poolSize: 2, - log: | uses Threads inside the policy",
            })
    void refusesInsideThePolicy(String found, String replacement, String sentence) {
        String lines = replacement
                .replace(
                        "- threads:, poolSize: 2, - log:",
                        "- threads:\n                        poolSize: 2\n                    - log:")
                .replace(", ", "\n                  ");
        String yaml = LOYALTY.replace(
                "              - log:\n                  message: points\n", SPLIT.replace(found, lines));

        assertThat(refusal(yaml)).contains(sentence);
    }

    /** Camel would give it another id at each edit, so that nobody could stop it. */
    @Test
    void refusesARouteWithoutAnId() {
        assertThat(refusal(LOYALTY.replace("    id: loyalty\n", ""))).contains("Service 'loyalty': a route has no id.");
    }

    @Test
    void refusesARouteThatIsOnlyFrom() {
        assertThat(refusal("- from:\n    uri: timer:beat\n    steps:\n      - log:\n          message: beat\n"))
                .contains("Service 'loyalty': a route has no id.");
    }

    @Test
    void refusesAStepAfterThePolicyThatIsNoAppend() {
        String yaml = LOYALTY.replace("kafka:order-events", "log:done");

        assertThat(refusal(yaml)).contains("step 'to' stands after the policy");
    }

    @Test
    void refusesAnErrorHandlerOfItsOwn() {
        String yaml = LOYALTY.replace(
                "    routeConfigurationId: delivery\n",
                "    routeConfigurationId: delivery\n    errorHandler:\n      deadLetterChannel:\n        deadLetterUri: log:lost\n");

        assertThat(refusal(yaml)).contains("onException or errorHandler of its own");
    }

    /** A policy that promises nothing. */
    private static final class Anything implements Policy {
        @Override
        public void beforeWrap(Route route, NamedNode definition) {
            // nothing
        }

        @Override
        public Processor wrap(Route route, Processor steps) {
            return steps;
        }
    }

    private static String refusal(String yaml) {
        try {
            start(yaml);
            return "taken";
        } catch (Exception e) {
            return Causes.root(e).getMessage();
        }
    }

    private static void start(String yaml) throws Exception {
        try (var context = new DefaultCamelContext()) {
            context.addComponent("kafka", kafka(context));
            var once = new Once();
            once.setDataSource(new Database());
            context.getRegistry().bind("once", once);
            context.getRegistry().bind("other", new Anything());
            HouseRules.install(context);
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(
                            ResourceHelper.fromString("delivery.camel.yaml", DELIVERY),
                            ResourceHelper.fromString("loyalty.camel.yaml", yaml));
            context.start();
        }
    }

    /** As the application's settings make it. */
    private static KafkaComponent kafka(DefaultCamelContext context) {
        Properties settings = Settings.load().asProperties();
        var configuration = new KafkaConfiguration();
        var kafka = new KafkaComponent();
        settings.stringPropertyNames().stream()
                .filter(key -> key.startsWith("camel.component.kafka."))
                .filter(key -> !settings.getProperty(key).contains("{{"))
                .forEach(key -> Stream.of(configuration, kafka)
                        .forEach(target -> PropertyBindingSupport.build()
                                .withTarget(target)
                                .withCamelContext(context)
                                .withProperty(
                                        key.substring("camel.component.kafka.".length()), settings.getProperty(key))
                                .withMandatory(false)
                                .bind()));
        configuration.setBrokers("127.0.0.1:1");
        kafka.setConfiguration(configuration);
        return kafka;
    }
}
