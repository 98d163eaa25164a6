package dev.orderflow.audit;

import dev.orderflow.http.BlockingStep;
import dev.orderflow.settings.Settings;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;

/** The audit over REST. */
public final class AuditRoutes extends RouteBuilder {

    private final Settings settings;
    private final Map<String, Object> kafka;

    /** @param kafka how to reach the brokers, as a client takes it */
    public AuditRoutes(Settings settings, Map<String, Object> kafka) {
        this.settings = settings;
        this.kafka = kafka;
    }

    @Override
    public void configure() throws Exception {
        var desk = new SharedAudit(
                new Audit(settings, kafka),
                new AuditMeters(getContext()),
                settings.number("audit.answerMs"),
                settings.number("audit.everyMinutes"));
        getContext().addService(desk);

        restConfiguration().component("platform-http").bindingMode(RestBindingMode.off);
        rest("/audit")
                .get()
                .id("get-audit")
                .description("Count what the topics hold against what each service did")
                .to("direct:audit");

        from("direct:audit")
                .routeId("audit")
                .description("Answer with what an audit finds, or how far it is")
                .process(new BlockingStep(BlockingStep.pool(getContext(), settings), desk::ask));
    }
}
