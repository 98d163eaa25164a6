package dev.orderflow.delivery;

import dev.orderflow.events.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A service whose effects can be made again from what it said, as after an older copy of its database was put back. */
public interface Restores {

    /** Answers an event that may stand for more than one that the service heard. */
    String SOME = "";

    /**
     * The type of the heard event that it said this in answer to, or {@link #SOME}; nothing where no effect can be made
     * again from it.
     */
    Optional<String> answers(Event said);

    /**
     * Makes the effects of these again, in the transaction of the connection. Of those that answer {@link #SOME} the
     * effect may be there already.
     *
     * @return what an operator should look at, each a sentence
     */
    List<String> restore(Connection connection, List<Event> said) throws SQLException;
}
