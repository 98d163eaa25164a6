package dev.orderflow.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** The router that {@code platform-http} consumers find by name, with the door's own way of reading a body. */
final class RestServerRouter extends VertxPlatformHttpRouter {

    // The consumers look for this name, made of the prefix and a port; ours need not be the real one.
    static final int PORT_OF_NAME = 1;
    static final String NAME = getRouterNameFromPort(PORT_OF_NAME);

    private final RestServerOptions options;

    RestServerRouter(Vertx vertx, Router router, RestServerOptions options) {
        super(null, vertx, router, NAME, SERVER_TYPE_SERVER);
        this.options = options;
    }

    @Override
    public Handler<RoutingContext> bodyHandler() {
        return new RequestBody(options.bodyBytesMax(), options.requestTimeoutMs());
    }
}
