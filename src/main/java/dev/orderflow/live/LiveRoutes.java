package dev.orderflow.live;

import dev.orderflow.http.BlockingStep;
import dev.orderflow.settings.Settings;
import java.util.concurrent.ExecutorService;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;

/** What operators see of the route files, and the way back. */
final class LiveRoutes extends RouteBuilder {

    private final Settings settings;
    private final RouteFileStatuses board;
    private final RouteCalls.Rollback rollback;

    LiveRoutes(Settings settings, RouteFileStatuses board, RouteCalls.Rollback rollback) {
        this.settings = settings;
        this.board = board;
        this.rollback = rollback;
    }

    @Override
    public void configure() throws Exception {
        ExecutorService pool = BlockingStep.pool(getContext(), settings);
        var calls = new RouteCalls(board, rollback);

        restConfiguration().component("platform-http").bindingMode(RestBindingMode.off);
        rest("/routes")
                .get()
                .id("get-routes")
                .description("List the route files, what runs of each, and what was refused")
                .to("direct:list-routes")
                .post("/{file}/rollback")
                .id("post-routes-rollback")
                .description("Bring back the version before the running one")
                .to("direct:rollback-routes");
        from("direct:list-routes")
                .routeId("list-routes")
                .description("Answer with how each route file stands")
                .process(new BlockingStep(pool, calls::list));
        from("direct:rollback-routes")
                .routeId("rollback-routes")
                .description("Swap the version before into the place of the running one")
                .process(new BlockingStep(pool, calls::rollback));
    }
}
