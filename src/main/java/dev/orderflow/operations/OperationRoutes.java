package dev.orderflow.operations;

import dev.orderflow.delivery.Gaps;
import dev.orderflow.delivery.Restores;
import dev.orderflow.http.BlockingStep;
import dev.orderflow.http.JsonBody;
import dev.orderflow.http.ProblemException;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.settings.Services;
import dev.orderflow.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.admin.Admin;

/** What operators have services do, over REST. Needs the bean {@code database}. */
public final class OperationRoutes extends RouteBuilder {

    private static final Set<String> SHIPPED =
            Set.of("inventory", "shipping", "notification", "status", Services.REDRIVE);

    private final Settings settings;
    private final Map<String, Object> kafka;
    private final Map<String, Restores> restores;

    /**
     * @param kafka how to reach the brokers, as a client takes it
     * @param restores the services whose effects can be made again from what they said
     */
    public OperationRoutes(Settings settings, Map<String, Object> kafka, Map<String, Restores> restores) {
        this.settings = settings;
        this.kafka = kafka;
        this.restores = restores;
    }

    @Override
    public void configure() throws Exception {
        var desk = new Desk();
        getContext().addService(desk);
        getContext().addStartupListener(desk);
        ExecutorService pool = BlockingStep.pool(getContext(), settings);
        var calls = new OperationCalls(
                () -> new Operations(database()),
                this::groups,
                () -> desk.runner,
                settings.number("delivery.parkedMax") > 0);
        var command = new JsonBody<>(
                OperationCommand.class, OperationCommand.EXAMPLE, OperationCommand::check, OperationCommand::invalid);

        onException(ProblemException.class).handled(true).process(ProblemException::answer);
        restConfiguration().component("platform-http").bindingMode(RestBindingMode.off);
        rest("/operations")
                .get()
                .id("get-operations")
                .description("List what operators had services do, newest first")
                .to("direct:list-operations")
                .get("/{id}")
                .id("get-operation")
                .description("Read one operation and how it ended")
                .to("direct:read-operation")
                .post()
                .id("post-operation")
                .description("Pause, resume or rewind a service, skip offsets, or allow a cause")
                .to("direct:operate");

        from("direct:list-operations")
                .routeId("list-operations")
                .description("Answer with the trail of operations, newest first")
                .process(new BlockingStep(pool, calls::list));
        from("direct:read-operation")
                .routeId("read-operation")
                .description("Answer with one operation")
                .process(new BlockingStep(pool, calls::find));
        from("direct:operate")
                .routeId("operate")
                .description("Do an operation, or answer what it would do")
                .unmarshal(command)
                .process(new BlockingStep(pool, calls::operate));
    }

    private List<String> topics() {
        return List.of(
                settings.text("orders.topic"), settings.text("order-events.topic"), settings.text("orders-dlt.topic"));
    }

    /** Operations are rare: each has a client of its own, which no failure of another one outlives. */
    private ConsumerGroups groups() {
        var properties = KafkaClients.impatient(kafka);
        properties.put("client.id", "operations");
        var operations = new Operations(database());
        return new ConsumerGroups(
                Admin.create(properties),
                service -> operations.topics(service, topics()),
                service -> isShipped(service) || operations.hasCommitted(service),
                settings.number("delivery.receipts.retentionHours"),
                Clock.systemUTC());
    }

    private boolean isShipped(String service) {
        return SHIPPED.contains(service) || Services.inRoutes(settings).contains(service);
    }

    private DataSource database() {
        return getContext().getRegistry().lookupByNameAndType("database", DataSource.class);
    }

    /** The client of the brokers and the thread that works; the database is a bean of YAML, and there at the end only. */
    private final class Desk extends ServiceSupport implements StartupListener {

        private OperationRunner runner;

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            if (runner != null) {
                return;
            }
            runner = new OperationRunner(
                    new Operations(database()),
                    new Gaps(database()),
                    OperationRoutes.this::groups,
                    new RestoredEffects(
                            restores,
                            kafka,
                            settings.text("order-events.topic"),
                            Duration.ofMillis(settings.number("topics.stalledMs")),
                            database()));
            runner.start();
        }

        @Override
        protected void doStop() throws Exception {
            if (runner != null) {
                runner.stop();
            }
        }
    }
}
