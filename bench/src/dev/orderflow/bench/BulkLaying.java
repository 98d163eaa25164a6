package dev.orderflow.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/** Lays orders down through the product's intake, as bulks. */
final class BulkLaying implements FlowSide.Laying {

    private static final int LINES = 2_500;
    private static final Pattern ACCEPTED = Pattern.compile("\"accepted\"");

    private final URI bulks;
    private final FlowOrders orders;
    private final HttpClient client = HttpClient.newHttpClient();

    BulkLaying(int port, FlowOrders orders) {
        this.bulks = URI.create("http://127.0.0.1:" + port + "/orders/bulk");
        this.orders = orders;
    }

    @Override
    public void lay(long from, int count) throws IOException, InterruptedException {
        for (int done = 0; done < count; done += LINES) {
            int lines = Math.min(LINES, count - done);
            var body = new StringBuilder(lines * 700);
            for (int i = 0; i < lines; i++) {
                body.append(orders.request(from + done + i)).append('\n');
            }
            var answer = client.send(
                    HttpRequest.newBuilder(bulks)
                            .header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofString(body.toString()))
                            .build(),
                    BodyHandlers.ofString());
            long accepted = ACCEPTED.matcher(answer.body()).results().count();
            if (answer.statusCode() != 200 || accepted != lines) {
                throw new IllegalStateException(
                        "A bulk of %,d orders was answered with %d, and %,d were accepted: %.200s"
                                .formatted(lines, answer.statusCode(), accepted, answer.body()));
            }
        }
    }
}
