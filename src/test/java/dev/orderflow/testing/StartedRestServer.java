package dev.orderflow.testing;

import dev.orderflow.database.Database;
import dev.orderflow.http.RestServer;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** REST routes behind a real door, on a free port and a database of their own. Each answer is held to the contract. */
public final class StartedRestServer implements AutoCloseable {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Database database;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;

    public StartedRestServer(Settings settings, RoutesBuilder... routes) throws Exception {
        database = database();
        context.getRegistry().bind("database", database);
        RestServer door = RestServer.hang(
                context, settings.with("orderflow.http.port", "0").with("orderflow.http.host", "127.0.0.1"));
        for (RoutesBuilder route : routes) {
            context.addRoutes(route);
        }
        context.start();
        address = "http://127.0.0.1:" + door.port();
    }

    /** A new database with every migration. */
    public static Database database() {
        var database = new Database();
        database.setUrl(Embedded.shared().newDatabase());
        database.setUsername(Embedded.shared().user());
        database.setPassword(Embedded.shared().password());
        database.setMaximumPoolSize(8);
        database.setMinimumIdle(1);
        database.start();
        return database;
    }

    public Database dataSource() {
        return database;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path));
    }

    public HttpResponse<String> get(String path, String... headers) {
        var request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    public HttpResponse<String> put(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    /** Sends, and holds the answer to the contract. */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            Contract.answer(response);
            return response;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public CompletableFuture<HttpResponse<String>> getLater(String path, String... headers) {
        var request = headers.length == 0 ? request(path) : request(path).headers(headers);
        return client.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(response -> {
            Contract.answer(response);
            return response;
        });
    }

    @Override
    public void close() {
        context.stop();
        database.close();
    }
}
