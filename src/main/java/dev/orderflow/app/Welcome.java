package dev.orderflow.app;

import dev.orderflow.settings.Services;
import java.time.Duration;
import java.util.Locale;

/** What a person sees when a run is ready: what runs where, and what to try. */
final class Welcome {

    private static final String ORDER = """
            {"customer":{"id":"c-1","email":"ada@example.com"},
               "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},
               "currency":"EUR","lines":[{"sku":"mug-blue","quantity":2,"unitPrice":"12.50"}]}""";

    private Welcome() {}

    static String of(Application app, Duration took) {
        var settings = app.settings();
        String rest =
                "http://%s:%s".formatted(settings.text("orderflow.http.host"), settings.text("orderflow.http.port"));
        String management = "http://%s:%s/observe"
                .formatted(settings.text("orderflow.management.host"), settings.text("orderflow.management.port"));
        return """

                Orderflow is ready after %s s.
                  REST        %s
                  operation   %s/health  %s/metrics
                  services    %s
                  Kafka       %s
                  PostgreSQL  %s
                  data        %s
                Try:
                  %s
                Ctrl-C ends it; the data stays.
                """.formatted(
                        String.format(Locale.ROOT, "%.1f", took.toMillis() / 1000.0),
                        rest,
                        management,
                        management,
                        String.join(", ", Services.of(settings).names()),
                        settings.text("kafka.brokers"),
                        settings.text("database.url").replaceFirst("\\?.*", ""),
                        app.dataFolder(),
                        tryThis(Services.of(settings), rest, management, settings.isSet("door.tokens")));
    }

    /** Only what this process answers. */
    static String tryThis(Services services, String rest, String management, boolean asksForTokens) {
        String token = asksForTokens ? " -H \"authorization: Bearer $TOKEN\"" : "";
        if (services.runs(Services.INTAKE)) {
            return "curl -i %s/orders%s -H 'content-type: application/json' -d '%s'".formatted(rest, token, ORDER);
        }
        if (services.runs("status")) {
            return "curl -i '%s/orders?limit=5'%s".formatted(rest, token);
        }
        if (services.runs("inventory")) {
            return "curl -i '%s/inventory?limit=5'%s".formatted(rest, token);
        }
        return "curl -i %s/health".formatted(management);
    }
}
