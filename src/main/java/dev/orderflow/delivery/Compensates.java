package dev.orderflow.delivery;

import java.sql.SQLException;
import java.util.UUID;

/**
 * A bean of a service that keeps more of an order than rows with its id. A {@link RehearsalDelivery} asks it to give back what
 * the order took, so that the order can be acted on as if it were new.
 */
public interface Compensates {

    /** Inside of the transaction, while the order's rows are still there. */
    void takeBack(UUID orderId) throws SQLException;
}
