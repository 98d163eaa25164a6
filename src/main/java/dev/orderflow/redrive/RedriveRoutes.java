package dev.orderflow.redrive;

import dev.orderflow.http.BlockingStep;
import dev.orderflow.http.JsonBody;
import dev.orderflow.http.ProblemException;
import dev.orderflow.settings.Settings;
import java.util.List;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;

/** What operators ask about dead letters, and how they send them back. Needs the bean {@code database}. */
final class RedriveRoutes extends RouteBuilder {

    private final Settings settings;

    public RedriveRoutes(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void configure() throws Exception {
        ExecutorService pool = BlockingStep.pool(getContext(), settings);
        var topics = List.of(settings.text("orders.topic"), settings.text("order-events.topic"));
        var limits = new RedriveCommand.Limits(
                settings.number("redrive.ratePerSecond"), settings.number("redrive.attemptsMax"));
        var calls = new RedriveCalls(
                () -> new DeadLetterQueries(database()), () -> new RedrivePlanner(database(), topics), limits);

        var command = new JsonBody<>(
                RedriveCommand.class,
                RedriveCommand.EXAMPLE,
                (read, violations) -> read.check(limits, violations),
                RedriveCommand::invalid);

        onException(ProblemException.class).handled(true).process(ProblemException::answer);
        restConfiguration().component("platform-http").bindingMode(RestBindingMode.off);
        rest("/dead-letters")
                .get()
                .id("get-dead-letters")
                .description("List dead letters, newest first, and count them by cause")
                .to("direct:list-dead-letters")
                .get("/{id}")
                .id("get-dead-letter")
                .description("Read one dead letter with its headers, body and history")
                .to("direct:read-dead-letter")
                .post("/redrive")
                .id("post-redrive")
                .description("Send dead letters back, or say what that would do")
                .to("direct:redrive")
                .get("/redrive/{job}")
                .id("get-redrive")
                .description("Read how far a redrive is")
                .to("direct:read-redrive");

        from("direct:list-dead-letters")
                .routeId("list-dead-letters")
                .description("Answer with a page of dead letters, newest first, and their groups by cause")
                .process(new BlockingStep(pool, calls::list));
        from("direct:read-dead-letter")
                .routeId("read-dead-letter")
                .description("Answer with one dead letter, whole")
                .process(new BlockingStep(pool, calls::find));
        from("direct:redrive")
                .routeId("redrive-dead-letters")
                .description("Make a redrive a job of the background, or answer what it would do")
                .unmarshal(command)
                .process(new BlockingStep(pool, calls::redrive));
        from("direct:read-redrive")
                .routeId("read-redrive")
                .description("Answer with the progress of a redrive")
                .process(new BlockingStep(pool, calls::job));
    }

    private DataSource database() {
        return getContext().getRegistry().lookupByNameAndType("database", DataSource.class);
    }
}
