package dev.orderflow.http;

import org.apache.camel.Exchange;

/** Ends a call with a problem; it is an answer and no fault, so it carries no stack. */
public final class ProblemException extends RuntimeException {

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** The step of a route that ends with what {@code exchange} failed with. */
    public static void answer(Exchange exchange) {
        exchange.getProperty(Exchange.EXCEPTION_CAUGHT, ProblemException.class)
                .problem
                .answer(exchange);
    }

    public Problem problem() {
        return problem;
    }
}
