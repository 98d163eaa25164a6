package dev.orderflow.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Posts at a rate to one side of the whole flow, and finds out when each order's mail was taken and when its status was
 * {@code completed}: both from the moment at which the order was to be sent.
 */
final class FlowRate implements AutoCloseable {

    /** What a line of the table is called by, in the order of its lines. */
    static final List<String> ENDS = List.of("the mail that the server took", "the status completed");

    /** The status is looked up for so many of the orders only, which costs both sides the same and little. */
    private static final int LOOK_EVERY = 10;

    private static final long LOOK_MS = 5;
    private static final long WAIT_NS = 120_000_000_000L;
    private static final String COMPLETED =
            "SELECT order_id FROM status.orders WHERE status = 'completed' AND order_id = ANY(?)";

    private final FlowSide side;
    private final FlowOrders orders;
    private final HikariDataSource database;
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final HttpClient client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(256));

    private final Histogram completed = new Histogram(3);
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    /** By order id, in {@link System#nanoTime()}. */
    private final Map<String, Long> due = new ConcurrentHashMap<>();

    private final Map<UUID, Long> looked = new ConcurrentHashMap<>();

    FlowRate(Ground ground, FlowSide side, FlowOrders orders) {
        this.side = side;
        this.orders = orders;
        this.database = Ground.pool(ground.url(side.database()), ground.user, ground.password, 1);
    }

    /** One round: a sample for each of {@link #ENDS}. */
    List<Sample> round(int rate, double seconds) {
        List.of(due, looked).forEach(Map::clear);
        completed.reset();
        refused.set(0);
        int count = (int) (rate * seconds);
        long first = side.posted(count);
        open.set(count);
        var cpu = side.processesWithDoor();
        side.letGo();
        var before = cpu.microseconds();
        long beganUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        long began = System.nanoTime();
        post(first, count, rate, began);
        double took = (System.nanoTime() - began) / 1e9;
        // The effects of all, so that no round's rest falls into the next.
        try {
            while (open.get() > 0 || !looked.isEmpty() || !side.isThrough()) {
                if (System.nanoTime() - began > WAIT_NS) {
                    throw new IllegalStateException("%s: after %d s there were orders without an end."
                            .formatted(side.name(), WAIT_NS / 1_000_000_000L));
                }
                look();
                Child.pause(LOOK_MS);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        var spent = Measure.spent(before, cpu.microseconds(), count);
        long residentMb = side.residentMb();
        side.hold();
        var mailed = mailed(began, beganUs);
        return List.of(
                sample(mailed, count / took, spent, residentMb, refused.get() + due.size() - mailed.getTotalCount()),
                sample(completed, count / took, spent, residentMb, 0));
    }

    /** Looks between two orders, so that no thread of the bench takes the processors besides. */
    private void post(long first, int count, int rate, long began) {
        long lookAt = began;
        for (int i = 0; i < count; i++) {
            long at = began + i * 1_000_000_000L / rate;
            while (System.nanoTime() < at) {
                Child.pause(1);
            }
            int n = i;
            // From another thread a response may be over before anybody listens to its body.
            context.runOnContext(now -> post(first + n, n % LOOK_EVERY == 0, at));
            if (System.nanoTime() - lookAt > LOOK_MS * 1_000_000) {
                lookAt = System.nanoTime();
                try {
                    look();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void post(long n, boolean look, long at) {
        client.request(HttpMethod.POST, side.port(), "127.0.0.1", "/orders")
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(Buffer.buffer(orders.request(n))))
                .compose(response -> response.statusCode() == 202
                        ? response.body()
                        : Future.failedFuture("status " + response.statusCode()))
                .onComplete(done -> {
                    if (done.failed()) {
                        System.err.printf("bench: no 202: %s%n", done.cause());
                        refused.incrementAndGet();
                    } else {
                        String id = new JsonObject(done.result()).getString("orderId");
                        due.put(id, at);
                        if (look) {
                            looked.put(UUID.fromString(id), at);
                        }
                    }
                    open.decrementAndGet();
                });
    }

    private void look() throws SQLException {
        if (looked.isEmpty()) {
            return;
        }
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(COMPLETED)) {
            RawWork.bind(select, 1, "uuid", List.copyOf(looked.keySet()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    long at = looked.remove(rows.getObject(1, UUID.class));
                    completed.recordValue((System.nanoTime() - at) / 1_000);
                }
            }
        }
    }

    /** Such as {@code <confirmation.01a216a3-76f5-7000-808e-766b23d99db3@orderflow.example>}. */
    private Histogram mailed(long began, long beganUs) {
        var mailed = new Histogram(3);
        side.taken().forEach((messageId, us) -> {
            Long at = due.get(messageId.substring(messageId.indexOf('.') + 1, messageId.indexOf('@')));
            if (at != null) {
                mailed.recordValue(Math.max(0, us - beganUs - (at - began) / 1_000));
            }
        });
        return mailed;
    }

    private Sample sample(Histogram us, double perSecond, Map<String, Double> spent, long residentMb, long errors) {
        double p50 = us.getValueAtPercentile(50) / 1_000.0;
        double p99 = us.getValueAtPercentile(99) / 1_000.0;
        System.err.printf("bench: %s: p50 %.1f ms, p99 %.1f ms of %,d%n", side.name(), p50, p99, us.getTotalCount());
        return new Sample(perSecond, spent, p50, p99, residentMb, errors);
    }

    @Override
    public void close() {
        client.close();
        vertx.close();
        database.close();
    }
}
