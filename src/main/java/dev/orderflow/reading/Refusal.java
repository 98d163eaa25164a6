package dev.orderflow.reading;

import dev.orderflow.door.Problem;

/** Ends a call with a problem; it is an answer and no fault, so it carries no stack. */
public final class Refusal extends RuntimeException {

    private final transient Problem problem;

    public Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
