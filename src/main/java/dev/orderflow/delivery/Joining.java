package dev.orderflow.delivery;

/** The former name of {@link PartitionAssignment}. */
@Deprecated(forRemoval = true)
public class Joining extends PartitionAssignment {

    public Joining() {
        FormerName.of(this);
    }
}
