package dev.orderflow.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.http.Call;
import dev.orderflow.http.Problem;
import dev.orderflow.http.ProblemException;
import dev.orderflow.http.Reply;
import dev.orderflow.http.Response;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Secrets;
import dev.orderflow.telemetry.Causes;
import dev.orderflow.telemetry.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One audit at a time, however many ask for it. Who asks gets it when it is done; when it takes longer, its progress, and
 * the report with the next call.
 */
final class SharedAudit extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(SharedAudit.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The first after a start is not as late as the others: a restart may be what there is to find. */
    private static final long FIRST_MINUTES = 1;

    private static final int RETRY_AFTER_SECONDS = 2;

    private final Audit audit;
    private final AuditMeters meters;
    private final long answerMs;
    private final long everyMinutes;
    private ScheduledThreadPoolExecutor threads;
    private final List<Reply> waiting = new ArrayList<>();
    private AuditReport unread;
    private boolean running;
    private boolean awaited;
    private volatile double part;
    private volatile String doing = "";

    /**
     * @param answerMs how long who asks waits for the report
     * @param everyMinutes the pause between two audits that nobody asked for, 0 for none
     */
    SharedAudit(Audit audit, AuditMeters meters, long answerMs, long everyMinutes) {
        this.audit = audit;
        this.meters = meters;
        this.answerMs = answerMs;
        this.everyMinutes = everyMinutes;
    }

    @Override
    protected void doStart() {
        // One audits, one tells how far it is.
        threads = new ScheduledThreadPoolExecutor(2, DaemonThreads.named("audit"));
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        if (everyMinutes > 0) {
            threads.scheduleAtFixedRate(this::begin, FIRST_MINUTES, everyMinutes, TimeUnit.MINUTES);
        }
    }

    @Override
    protected void doStop() {
        threads.shutdownNow();
    }

    void ask(Call question, Reply reply) {
        question.parameters();
        AuditReport report;
        synchronized (this) {
            report = unread;
            unread = null;
            if (report == null) {
                waiting.add(reply);
                threads.schedule(() -> tell(reply), answerMs, TimeUnit.MILLISECONDS);
                begin();
            }
        }
        if (report != null) {
            reply.answer(Response.json(bytes(report.json())));
        }
    }

    private synchronized void begin() {
        if (!running) {
            running = true;
            threads.execute(this::run);
        }
    }

    private void run() {
        AuditReport report = null;
        Exception failure = null;
        try {
            report = audit.run((done, now) -> {
                part = done;
                doing = now;
            });
            meters.tell(report);
            LOG.info("audit: {}", report.clean() ? "clean" : "found offenders, which GET /audit names");
        } catch (Exception | LinkageError e) {
            failure = told(e);
            LOG.warn(
                    "audit: not finished: {}",
                    Secrets.masked(failure instanceof ProblemException ? failure.getMessage() : e.toString()));
        }
        List<Reply> replies;
        synchronized (this) {
            replies = List.copyOf(waiting);
            waiting.clear();
            running = false;
            // Only for who was told to come back: an old report would be news to nobody else.
            unread = replies.isEmpty() && awaited ? report : null;
            awaited = false;
        }
        for (Reply reply : replies) {
            if (report != null) {
                reply.answer(Response.json(bytes(report.json())));
            } else {
                reply.fail(failure);
            }
        }
    }

    /** Brokers that are away, or have no such topic, are no bug of this process. */
    private static Exception told(Throwable failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof KafkaException || cause instanceof CannotStart) {
            return new ProblemException(new Problem(
                            503,
                            "brokers-unavailable",
                            "The brokers do not answer",
                            "What an audit needs of the brokers did not come: %s".formatted(Causes.ofClient(cause)))
                    .retryAfter(RETRY_AFTER_SECONDS));
        }
        return failure instanceof Exception known ? known : new IllegalStateException(failure);
    }

    private void tell(Reply reply) {
        synchronized (this) {
            if (!waiting.remove(reply)) {
                return;
            }
            awaited = true;
        }
        var json = JSON.createObjectNode();
        json.put("state", "running");
        json.put("part", part);
        json.put("doing", doing);
        reply.answer(new Response(
                202,
                "application/json",
                Map.of("Retry-After", String.valueOf(RETRY_AFTER_SECONDS), "Location", "/audit"),
                bytes(json)));
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
