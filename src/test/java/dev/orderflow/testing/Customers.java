package dev.orderflow.testing;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** They order at a steady rate, whatever the answers take, and remember every answer. */
public final class Customers implements AutoCloseable {

    private static final int TICK_MS = 5;
    /** A machine that is slower than the customers is given no heap of waiting calls. */
    private static final int WAITING_MAX = 2_000;

    private static final Pattern ID = Pattern.compile("\"orderId\":\"([^\"]+)\"");
    private static final String BODY = """
            {"customer":{"id":"c-1","email":"ada@example.com"},
             "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},
             "currency":"EUR","lines":[{"sku":"%s","quantity":1,"unitPrice":"12.50"}]}""".formatted(Shop.SKU);

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Integer> answers = new TreeMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private ScheduledFuture<?> ticks;
    private long begin;
    private int before;
    private long orderingNs;

    /** Order in the background until they {@link #rest}. */
    public void order(String url, int perSecond) {
        begin = System.nanoTime();
        before = asked.get();
        ticks = clock.scheduleAtFixedRate(() -> tick(url, perSecond), 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void tick(String url, int perSecond) {
        long due = before + (System.nanoTime() - begin) * perSecond / TimeUnit.SECONDS.toNanos(1);
        while (asked.get() < due && asked.get() - answered.get() < WAITING_MAX) {
            orderOne(url);
        }
    }

    private void orderOne(String url) {
        asked.incrementAndGet();
        var request = HttpRequest.newBuilder(URI.create(url + "/orders"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(BODY))
                .build();
        http.sendAsync(request, BodyHandlers.ofString()).whenComplete((answer, failure) -> note(answer, failure));
    }

    private void note(HttpResponse<String> answer, Throwable failure) {
        int status = failure == null ? answer.statusCode() : -1;
        synchronized (answers) {
            answers.merge(status, 1, Integer::sum);
        }
        if (status == 202) {
            var id = ID.matcher(answer.body());
            accepted.add(id.find() ? id.group(1) : "none in " + answer.body());
        }
        answered.incrementAndGet();
    }

    /** They order no more; returns when all are answered. */
    public void rest() {
        clock.submit(() -> ticks.cancel(false));
        await().atMost(Duration.ofSeconds(5)).until(ticks::isCancelled);
        await().atMost(Duration.ofSeconds(20)).until(() -> answered.get() == asked.get());
        orderingNs += System.nanoTime() - begin;
    }

    public Set<String> accepted() {
        return accepted;
    }

    /** How many answers there were of each status; -1 where there was none. */
    public Map<Integer, Integer> answers() {
        return answers;
    }

    /** Orders a second, over all the time that they ordered. */
    public double rate() {
        return asked.get() * 1e9 / orderingNs;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
