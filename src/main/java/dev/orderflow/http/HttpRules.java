package dev.orderflow.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What RFC 9110 and 9112 want of every request and answer, in front of the router: one valid Host, an expectation that
 * is known, percent signs that escape, a Date, and HEAD wherever there is GET. docs/http.md has each rule and its test.
 */
final class HttpRules implements Handler<HttpServerRequest> {

    private static final String CONTINUE = "100-continue";
    private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=%-]*|\\[[0-9A-Fa-f:.v]+\\])(:[0-9]*)?");

    private static final Pattern CLOSE = Pattern.compile("(?i)(^|,)\\s*close\\s*(,|$)");

    private final Handler<HttpServerRequest> next;

    HttpRules(Handler<HttpServerRequest> next) {
        this.next = next;
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.response().putHeader("Date", HttpDate.now());
        var problem = broken(request);
        if (problem.isPresent()) {
            problem.get().answerAndClose(request);
        } else {
            next.handle(request.method().equals(HttpMethod.HEAD) ? new HeadAsGet(request) : request);
        }
    }

    private static Optional<Problem> broken(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("Host");
        boolean needsHost = request.version() == HttpVersion.HTTP_1_1;
        if (hosts.size() > 1 || hosts.isEmpty() && needsHost) {
            return Optional.of(Problem.malformedRequest(
                    "A request has one header Host; this one had %d (RFC 9112, 3.2).".formatted(hosts.size())));
        }
        if (!hosts.isEmpty() && !isHost(hosts.get(0))) {
            return Optional.of(Problem.malformedRequest("The header Host names no host (RFC 9112, 3.2)."));
        }
        String uri = request.uri();
        if (uri.indexOf('%') >= 0 && NO_ESCAPE.matcher(uri).find()) {
            return Optional.of(Problem.malformedRequest(
                    "The path or the query has a '%' that two hexadecimal digits do not follow (RFC 3986, 2.1)."));
        }
        String expect = MediaType.list(request.headers(), "Expect");
        if (expect != null && needsHost && !expect.equalsIgnoreCase(CONTINUE)) {
            return Optional.of(HttpProblems.expectationFailed());
        }
        return Optional.empty();
    }

    /** Most are names or addresses with a port, which a look at each character tells. */
    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean usual = c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '-'
                    || c == ':' && isPort(host, i + 1);
            if (!usual) {
                return HOST.matcher(host).matches();
            }
        }
        return true;
    }

    private static boolean isPort(String host, int from) {
        for (int i = from; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the connection ends behind the answer: close stands among other options (RFC 9112, 9.6), where Vert.x does not
     * look; or the body was waited with for a 100 that did not come, and may come all the same (RFC 9110, 10.1.1).
     */
    static boolean closes(HttpServerRequest request) {
        String connection = request.getHeader("Connection");
        return connection != null
                        && connection.indexOf(',') >= 0
                        && CLOSE.matcher(connection).find()
                || awaitsContinue(request) && !request.isEnded();
    }

    static boolean awaitsContinue(HttpServerRequest request) {
        return request.headers().contains("Expect");
    }

    /** The answer to HEAD is that to GET, and Vert.x leaves its body out (RFC 9110, 9.3.2). */
    private static final class HeadAsGet extends HttpServerRequestWrapper {

        HeadAsGet(HttpServerRequest request) {
            super((HttpServerRequestInternal) request);
        }

        @Override
        public HttpMethod method() {
            return HttpMethod.GET;
        }
    }
}
