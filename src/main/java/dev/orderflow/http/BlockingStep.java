package dev.orderflow.http;

import dev.orderflow.settings.Settings;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * A step that answers a call from the database. It hands the call to a small pool and lets go of the caller's thread,
 * so that a slow database holds up neither the event loop nor the acceptance of orders.
 */
public final class BlockingStep extends AsyncProcessorSupport {

    private static final String POOL = "reading.pool";

    /** Answers a call, at once or later; runs on the pool, where it may block for a query. */
    @FunctionalInterface
    public interface Reader {
        void read(Call question, Reply reply) throws Exception;
    }

    private final ExecutorService pool;
    private final Reader reader;

    public BlockingStep(ExecutorService pool, Reader reader) {
        this.pool = pool;
        this.reader = reader;
    }

    /** The one pool of a context: {@code reading.threads}, with {@code reading.waitingMax} calls before them. */
    public static ExecutorService pool(CamelContext context, Settings settings) throws Exception {
        ExecutorService pool = context.getRegistry().lookupByNameAndType(POOL, ExecutorService.class);
        if (pool == null) {
            int threads = settings.number("reading.threads");
            pool = new ThreadPoolBuilder(context)
                    .poolSize(threads)
                    .maxPoolSize(threads)
                    .maxQueueSize(settings.number("reading.waitingMax"))
                    .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                    .build("reading");
            context.getRegistry().bind(POOL, pool);
        }
        return pool;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        var reply = new Reply(exchange, callback);
        try {
            pool.execute(() -> read(exchange, reply));
        } catch (RejectedExecutionException e) {
            reply.refuse(Reply.tooManyWaiting());
        }
        return false;
    }

    private void read(Exchange exchange, Reply reply) {
        try {
            reader.read(new Call(exchange), reply);
        } catch (Exception e) {
            reply.fail(e);
        }
    }
}
