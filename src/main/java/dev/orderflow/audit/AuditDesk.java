package dev.orderflow.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.reading.Answer;
import dev.orderflow.reading.Question;
import dev.orderflow.reading.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One audit at a time, however many ask for it. Who asks gets it when it is done; when it takes longer, its progress, and
 * the report with the next call.
 */
final class AuditDesk extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(AuditDesk.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ANSWER_MS = 20_000;
    private static final String RETRY_AFTER_S = "2";

    private final Audit audit;
    private ScheduledThreadPoolExecutor threads;
    private final List<Reply> waiting = new ArrayList<>();
    private AuditReport unread;
    private boolean running;
    private volatile double part;
    private volatile String doing = "";

    AuditDesk(Audit audit) {
        this.audit = audit;
    }

    @Override
    protected void doStart() {
        // One audits, one tells how far it is.
        threads = new ScheduledThreadPoolExecutor(2, AuditDesk::thread);
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    protected void doStop() {
        threads.shutdownNow();
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "audit");
        thread.setDaemon(true);
        return thread;
    }

    void ask(Question question, Reply reply) {
        question.parameters();
        AuditReport report;
        synchronized (this) {
            report = unread;
            unread = null;
            if (report == null) {
                waiting.add(reply);
                threads.schedule(() -> tell(reply), ANSWER_MS, TimeUnit.MILLISECONDS);
                if (!running) {
                    running = true;
                    threads.execute(this::run);
                }
            }
        }
        if (report != null) {
            reply.answer(Answer.json(bytes(report.json())));
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
            LOG.info("audit: {}", report.clean() ? "clean" : "found offenders, which GET /audit names");
        } catch (Exception e) {
            failure = e;
            LOG.warn("audit: not finished: {}", e.toString());
        }
        List<Reply> replies;
        synchronized (this) {
            replies = List.copyOf(waiting);
            waiting.clear();
            running = false;
            unread = replies.isEmpty() ? report : null;
        }
        for (Reply reply : replies) {
            if (report != null) {
                reply.answer(Answer.json(bytes(report.json())));
            } else {
                reply.fail(failure);
            }
        }
    }

    private void tell(Reply reply) {
        synchronized (this) {
            if (!waiting.remove(reply)) {
                return;
            }
        }
        var json = JSON.createObjectNode();
        json.put("state", "running");
        json.put("part", part);
        json.put("doing", doing);
        reply.answer(new Answer(202, "application/json", Map.of("Retry-After", RETRY_AFTER_S), bytes(json)));
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
