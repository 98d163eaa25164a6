package dev.orderflow.delivery;

/** The former name of {@link CollectBodies}. */
@Deprecated(forRemoval = true)
public class Gather extends CollectBodies {

    public Gather() {
        FormerName.of(this);
    }
}
