package dev.orderflow.http;

/** The problems that the server itself answers, whatever the call is; those of calls are {@link Problem}'s. */
final class HttpProblems {

    private HttpProblems() {}

    static Problem unauthorized() {
        return new Problem(
                        401,
                        "unauthorized",
                        "A token is needed",
                        "Send one known bearer token in the header Authorization: Bearer <token>.")
                .withHeader("WWW-Authenticate", "Bearer realm=\"orderflow\"");
    }

    static Problem forbidden(String name, String role) {
        return new Problem(
                403,
                "forbidden",
                "The token may not do this",
                "This call needs the role '%s', which the token of '%s' does not have.".formatted(role, name));
    }

    static Problem methodNotAllowed(String method, String allowed) {
        return new Problem(
                        405,
                        "method-not-allowed",
                        "The method is not known here",
                        "This path takes %s, but the method was %s.".formatted(allowed, method))
                .withHeader("Allow", allowed);
    }

    static Problem notAcceptable() {
        return new Problem(
                406, "not-acceptable", "There is no such form of it", "The answer comes as JSON only: accept it.");
    }

    static Problem expectationFailed() {
        return new Problem(
                417,
                "expectation-failed",
                "The expectation is not known here",
                "Only Expect: 100-continue is known; leave other ones out.");
    }

    /** 415: names the encodings that would be read (RFC 9110, 15.5.16). */
    static Problem unsupportedEncoding() {
        return new Problem(
                        415,
                        "unsupported-encoding",
                        "The content encoding is not read here",
                        "Send the body as it is, or with Content-Encoding gzip; it came with another.")
                .withHeader("Accept-Encoding", "gzip");
    }

    static Problem slowRequest(int timeoutMs) {
        return new Problem(
                408,
                "slow-request",
                "The body came too slowly",
                "The whole body must arrive within %,d milliseconds.".formatted(timeoutMs));
    }

    static Problem uriTooLong() {
        return new Problem(414, "uri-too-long", "The path is too long", "Shorten the path and its query.");
    }

    static Problem headerTooLarge() {
        return new Problem(
                431, "header-too-large", "The headers are too large", "Send fewer or shorter request headers.");
    }

    static Problem busy() {
        return new Problem(
                        503,
                        "too-many-waiting",
                        "Too many requests wait",
                        "All threads are busy and the queue is full. Nothing was done; repeat it later.")
                .retryAfter(1);
    }

    static Problem tooManyWaiting(int max) {
        return new Problem(
                503,
                "too-many-waiting",
                "Too many requests wait",
                "%,d requests wait already, and no more may. Nothing was done; repeat it later.".formatted(max));
    }
}
