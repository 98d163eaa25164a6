package dev.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.testing.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every metric, label and health check that docs, rules and manifests name is one that a running process tells. */
class NamedFiguresIT {

    /** Prometheus adds these when it scrapes. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("namespace", "pod", "job", "instance");

    /** Told only while it lasts; {@code UnreadableBatchIT} sees it with these labels. */
    private static final Map<String, Set<String>> WHILE_IT_LASTS =
            Map.of("orderflow_partition_held", Set.of("service", "topic", "partition"));

    private static final Pattern METRIC = Pattern.compile("\\borderflow_[a-z_]*[a-z]\\b");
    private static final Pattern NAMED_LABELS = Pattern.compile("(orderflow_[a-z_]+)\\{([^}]*)}");
    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");
    private static final Pattern TOLD = Pattern.compile("\\$labels\\.([a-z_]+)");
    private static final Pattern CHECK_IN_HEALTH = Pattern.compile("\\{\"name\":\"([a-z-]+)\",\"status\"");
    private static final Pattern CHECK_IN_WORDS =
            Pattern.compile("\\bchecks? [`'\"]([a-z-]+)[`'\"](?:,? and [`'\"]([a-z-]+)[`'\"])?");

    @Test
    void eachIsThere() throws Exception {
        try (Shop shop = Shop.open(Map.of())) {
            // Given what is told only once it has happened
            shop.stocked().order(1);
            shop.call("/orders", "POST", "{}", 422);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> shop.get("/audit").has("services"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> page(shop, Monitoring.METRICS_PATH).contains("orderflow_lag{"));

            // When
            Map<String, Set<String>> told = figures(page(shop, Monitoring.METRICS_PATH));
            told.putAll(WHILE_IT_LASTS);
            Set<String> checks = found(CHECK_IN_HEALTH, page(shop, Monitoring.HEALTH_PATH));

            // Then
            Map<String, Set<String>> named = named();
            assertThat(named).as("metrics that are named somewhere").hasSizeGreaterThan(5);
            named.forEach((metric, labels) -> {
                assertThat(told).containsKey(metric);
                assertThat(told.get(metric)).as("labels of " + metric).containsAll(labels);
            });
            assertThat(checks).containsAll(namedChecks());
            assertThat(namedChecks()).as("the README shows each check").containsAll(checks);
        }
    }

    private static String page(Shop shop, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(shop.app.managementUrl() + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Each metric of a page of Prometheus' text with its labels. */
    private static Map<String, Set<String>> figures(String page) {
        Map<String, Set<String>> figures = new TreeMap<>();
        page.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).forEach(line -> {
            String series = line.substring(0, line.lastIndexOf(' '));
            int brace = series.indexOf('{');
            String name = brace < 0 ? series : series.substring(0, brace);
            figures.computeIfAbsent(name, n -> new TreeSet<>())
                    .addAll(found(Pattern.compile("([a-z_]+)=\""), brace < 0 ? "" : series.substring(brace)));
        });
        return figures;
    }

    /** The metrics of docs and manifests with the labels that are named beside each. */
    private static Map<String, Set<String>> named() {
        Map<String, Set<String>> named = new TreeMap<>();
        texts().forEach(text -> {
            found(METRIC, text).forEach(metric -> named.computeIfAbsent(metric, m -> new TreeSet<>()));
            for (Matcher labels = NAMED_LABELS.matcher(text); labels.find(); ) {
                named.get(labels.group(1)).addAll(labels(labels.group(2).replaceAll("[=!~]+\"[^\"]*\"", "")));
            }
        });
        alerts().forEach(alert -> {
            Set<String> labels = new TreeSet<>(found(TOLD, alert));
            found(GROUPED, alert).forEach(list -> labels.addAll(labels(list)));
            labels.removeAll(OF_THE_SCRAPE);
            found(METRIC, alert).forEach(metric -> named.get(metric).addAll(labels));
        });
        return named;
    }

    private static Set<String> namedChecks() {
        Set<String> checks = new TreeSet<>();
        texts().forEach(text -> {
            checks.addAll(found(CHECK_IN_HEALTH, text));
            for (Matcher words = CHECK_IN_WORDS.matcher(text); words.find(); ) {
                checks.add(words.group(1));
                if (words.group(2) != null) {
                    checks.add(words.group(2));
                }
            }
        });
        return checks;
    }

    private static List<String> labels(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList();
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.group(matcher.groupCount()));
        }
        return found;
    }

    /** Each alert of the rules, from its name to the next one's. */
    private static List<String> alerts() {
        String rules = read(Path.of("kubernetes/components/monitoring/rules.yaml"));
        return Arrays.stream(rules.split("- alert:")).skip(1).toList();
    }

    private static List<String> texts() {
        try (Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> manifests = Files.walk(Path.of("kubernetes"))) {
            return Stream.of(
                            Stream.of(Path.of("README.md"), Path.of("src/main/resources/application.properties")),
                            docs,
                            manifests.filter(file -> !file.toString().contains("/target/")))
                    .flatMap(files -> files)
                    .filter(file -> file.toString().matches(".*\\.(md|yaml|properties)"))
                    .map(NamedFiguresIT::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
