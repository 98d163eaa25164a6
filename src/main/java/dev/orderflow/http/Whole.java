package dev.orderflow.http;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The bounds of a whole number in a body. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Whole {
    long min();

    long max();
}
