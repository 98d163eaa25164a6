package dev.orderflow.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers to requests that reach no route, or whose route failed: a problem for each, whatever the fault. */
final class ErrorResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);

    private final RestServerRouter router;
    private final int bodyBytesMax;
    private final Map<Integer, Function<RoutingContext, Problem>> problems = new HashMap<>();

    ErrorResponses(RestServerRouter router, int bodyBytesMax) {
        this.router = router;
        this.bodyBytesMax = bodyBytesMax;
    }

    void answerAll() {
        // Without it Vert.x logs each client that leaves as an error.
        router.route().order(Integer.MIN_VALUE).failureHandler(this::failed);
        answer(400, ctx -> Problem.malformedRequest("The request is not valid HTTP, or its path is not valid."));
        answer(404, ctx -> Problem.notFound("There is no such path here. See /openapi.json for those there are."));
        answer(405, this::methodNotAllowed);
        answer(406, ctx -> HttpProblems.notAcceptable());
        answer(413, ctx -> Problem.tooLarge(bodyBytesMax));
        answer(415, ctx -> Problem.unsupportedMediaType("application/json", "another"));
        answer(500, ErrorResponses::fault);
        answer(503, ctx -> Problem.notReady());
    }

    /** What Netty could not read as HTTP; no route of Vert.x sees it. */
    static void unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        var problem = cause instanceof TooLongHttpHeaderException
                ? HttpProblems.headerTooLarge()
                : cause instanceof TooLongHttpLineException
                        ? HttpProblems.uriTooLong()
                        : Problem.malformedRequest("The request is not valid HTTP/1.1.");
        // Where the next request would begin is unknown now.
        request.response().putHeader("Date", HttpDate.now());
        problem.answerAndClose(request);
    }

    private void answer(int status, Function<RoutingContext, Problem> problem) {
        problems.put(status, problem);
        router.errorHandler(status, this::failed);
    }

    // A client that left in the middle of its body is a failure too, but nobody is there to be answered.
    private void failed(RoutingContext ctx) {
        if (!ctx.response().ended() && !ctx.response().closed()) {
            var problem = problems.getOrDefault(ctx.statusCode(), ErrorResponses::fault)
                    .apply(ctx);
            if (ctx.request().isEnded()) {
                problem.answer(ctx.response());
            } else {
                problem.answerUnread(ctx);
            }
        }
    }

    private Problem methodNotAllowed(RoutingContext ctx) {
        var allowed = new TreeSet<String>();
        for (Route route : router.getRoutes()) {
            if (route.methods() != null && route.getPath() != null && fits(route.getPath(), ctx.normalizedPath())) {
                route.methods().forEach(method -> allowed.add(method.name()));
            }
        }
        return HttpProblems.methodNotAllowed(ctx.request().method().name(), String.join(", ", allowed));
    }

    /** Whether a router's path such as {@code /orders/:id} is that of a request. */
    static boolean fits(String routePath, String path) {
        String[] wanted = routePath.split("/", -1);
        String[] found = path.split("/", -1);
        boolean fits = wanted.length == found.length;
        for (int i = 0; fits && i < wanted.length; i++) {
            fits = wanted[i].startsWith(":") || wanted[i].equals(found[i]);
        }
        return fits;
    }

    private static Problem fault(RoutingContext ctx) {
        if (!ctx.request().isEnded()) {
            // No route has it yet: the body itself could not be read.
            return Problem.malformedRequest("The body is not what its headers say, such as chunks that are none.");
        }
        LOG.error("door: {} {} failed", ctx.request().method(), ctx.normalizedPath(), ctx.failure());
        return Problem.internal();
    }
}
