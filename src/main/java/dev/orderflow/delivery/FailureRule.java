package dev.orderflow.delivery;

/**
 * What the failures of an effect mean that leaves the database: a mail, a call. Found by ServiceLoader, so a service of
 * one's own brings one in its jar. Each method is asked of one cause alone; the causes behind it are asked as well.
 */
public interface FailureRule {

    /** Whether it passes by itself, or when somebody mends the other side: no order is to blame for it, and none is parked. */
    boolean isPassing(Throwable cause);

    /**
     * Whether the other side answered, and puts off this effect alone. After {@code delivery.putOffMs} others are tried;
     * when the other side takes one of them, this one is parked.
     */
    default boolean isPutOff(Throwable cause) {
        return false;
    }

    /** Whether an effect that said this event shows that the other side takes what it is given. */
    default boolean isTaken(String said) {
        return true;
    }

    /** Whom the effect waits for, such as {@code the mail server mail:25}; empty where the cause does not tell. */
    default String whom(Throwable cause) {
        return "";
    }
}
