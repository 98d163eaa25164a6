package dev.orderflow.status;

import dev.orderflow.telemetry.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.support.service.ServiceSupport;

/** Holds what the calls share while the context runs. The database is looked up when the first call needs it. */
final class StatusContext extends ServiceSupport {

    private final Supplier<DataSource> database;
    private final Executor answers;
    private final Duration pause;
    private final int waitersMax;

    private OrderQueries states;
    private LongPolls waiting;

    StatusContext(Supplier<DataSource> database, Executor answers, Duration pause, int waitersMax) {
        this.database = database;
        this.answers = answers;
        this.pause = pause;
        this.waitersMax = waitersMax;
    }

    synchronized OrderQueries states() {
        if (states == null) {
            states = new OrderQueries(database.get());
        }
        return states;
    }

    synchronized LongPolls waiting() {
        if (waiting == null) {
            waiting = new LongPolls(states(), answers, pause, waitersMax);
            DaemonThreads.of("status-waiting", waiting).start();
        }
        return waiting;
    }

    @Override
    protected synchronized void doStop() {
        if (waiting != null) {
            waiting.stop();
        }
    }
}
