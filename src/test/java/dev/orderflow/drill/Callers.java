package dev.orderflow.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Others who call while something is away: a probe for life, a probe for readiness, a reader of orders. */
final class Callers {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Callers() {}

    /**
     * What they saw.
     *
     * @param downMs when readiness went down, or -1
     * @param live 99th percentile of the probes for life, in milliseconds; one that was not answered has waited the limit
     * @param read the same of the readers
     */
    record Seen(long downMs, long live, long read) {

        @Override
        public String toString() {
            return "ready went down after %d ms, live p99 %d ms, GET p99 %d ms".formatted(downMs, live, read);
        }
    }

    /** Calls for so many seconds. */
    static Seen during(Instance instance, String orderId, int seconds) {
        long begin = System.nanoTime();
        long down = -1;
        List<Long> live = new ArrayList<>();
        List<Long> read = new ArrayList<>();
        while (System.nanoTime() - begin < seconds * 1_000_000_000L) {
            live.add(ms(instance.managementUrl() + "/observe/health/live"));
            read.add(ms(instance.url() + "/orders?limit=20"));
            read.add(ms(instance.url() + "/orders/" + orderId));
            if (down < 0 && status(instance.managementUrl() + "/observe/health/ready") == 503) {
                down = (System.nanoTime() - begin) / 1_000_000;
            }
            Fault.pause(200);
        }
        return new Seen(down, p99(live), p99(read));
    }

    private static long ms(String url) {
        long begin = System.nanoTime();
        return status(url) == 200 ? (System.nanoTime() - begin) / 1_000_000 : TIMEOUT.toMillis();
    }

    private static int status(String url) {
        try {
            var request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static long p99(List<Long> times) {
        Collections.sort(times);
        return times.isEmpty() ? -1 : times.get((int) Math.ceil(times.size() * 0.99) - 1);
    }
}
