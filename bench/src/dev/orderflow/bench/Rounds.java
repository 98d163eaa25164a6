package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.util.Map;

/** One build at work on one row: started, and ready for rounds. */
interface Rounds extends AutoCloseable {

    Side side();

    /** A shorter round; true when this side is warm by the row's own rule. */
    boolean warm();

    /** One round, by the lines of the row in their order; orders a second and processor time are those of the first. */
    Map<String, Sample> take();

    /** Orders of all rounds that were not acted on exactly once, and dead letters. */
    long wrong() throws Exception;

    @Override
    void close();
}
