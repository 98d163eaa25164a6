package dev.orderflow.status;

import dev.orderflow.delivery.FormerName;

/** The former name of {@link StatusProjection}. */
@Deprecated(forRemoval = true)
public class StatusBook extends StatusProjection {

    public StatusBook() {
        FormerName.of(this);
    }
}
