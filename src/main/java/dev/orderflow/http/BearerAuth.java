package dev.orderflow.http;

import dev.orderflow.credentials.Sha256;
import dev.orderflow.credentials.Token;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Lets in whoever has a token with the role that the call needs (RFC 6750). */
final class BearerAuth implements Handler<RoutingContext> {

    private static final String SCHEME = "Bearer ";

    private final List<Token> tokens;

    BearerAuth(List<Token> tokens) {
        this.tokens = tokens;
    }

    @Override
    public void handle(RoutingContext ctx) {
        Optional<Token> token = presented(ctx.request());
        String role = role(ctx.request().method(), ctx.normalizedPath());
        if (token.isEmpty()) {
            HttpProblems.unauthorized().answer(ctx.response());
        } else if (!token.get().roles().contains(role)) {
            HttpProblems.forbidden(token.get().name(), role).answer(ctx.response());
        } else {
            ctx.setUser(User.fromName(token.get().name()));
            ctx.next();
        }
    }

    private Optional<Token> presented(HttpServerRequest request) {
        var headers = request.headers().getAll("Authorization");
        if (headers.size() != 1 || !headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        byte[] hash = Sha256.of(headers.get(0).substring(SCHEME.length()).trim());
        // All are compared, so that the time does not tell which one was near.
        Optional<Token> found = Optional.empty();
        for (var token : tokens) {
            if (token.matches(hash)) {
                found = Optional.of(token);
            }
        }
        return found;
    }

    /** The role that a call needs; the operators' paths need theirs for reading too, because they show whole records. */
    static String role(HttpMethod method, String path) {
        if (method.equals(HttpMethod.POST) && (path.equals("/orders") || path.startsWith("/orders/"))) {
            return "orders";
        }
        boolean reads =
                method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
        return reads && !isOperators(path) ? "read" : "operate";
    }

    private static boolean isOperators(String path) {
        return path.startsWith("/dead-letters")
                || path.startsWith("/operations")
                || path.startsWith("/audit")
                || path.startsWith("/routes");
    }
}
