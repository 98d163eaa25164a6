package dev.orderflow.contracts;

import static dev.orderflow.contracts.ValidRequests.encoded;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.contracts.ValidRequests.Call;
import dev.orderflow.credentials.Token;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.Shop;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Drives every operation of openapi.json with what it allows and with what it does not: each answer is one that the
 * contract has for the operation, none is a fault of ours, and each that it has is reached, here or in a test that is named.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ContractPropertyIT {

    /** Of each kind. Seeds differ from build to build; 10,000 take a minute and a half: -Dcontract.calls=10000. */
    private static final int CALLS = Integer.getInteger("contract.calls", 4_000);

    /** Calls on their way at once. */
    private static final int TOGETHER = 32;

    private static final int FAULTS_SHOWN = 5;

    /** Short, for every operation waits it out once. */
    private static final int BODY_TIMEOUT_MS = 3_000;

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a valid call may meet besides 2xx, and why. */
    private static final Map<String, Set<Integer>> BY_STATE = Map.of(
            // Its Idempotency-Key came before: with another order, or with one that has no answer yet.
            "POST /orders", Set.of(409, 422),
            // The caller has it already; nobody placed it.
            "GET /orders/{id}", Set.of(304, 404),
            "GET /inventory/{sku}", Set.of(404),
            // More is reserved; or the sku is a dot.
            "PUT /inventory/{sku}", Set.of(404, 409),
            // There is no such file; or it ran in one version only.
            "POST /routes/{file}/rollback", Set.of(404, 409),
            "GET /schemas/{name}", Set.of(404),
            "GET /dead-letters/{id}", Set.of(404),
            "GET /dead-letters/redrive/{job}", Set.of(404),
            // There is no such service, partition, cause; or the offset is not there yet.
            "POST /operations", Set.of(404, 409),
            "GET /operations/{id}", Set.of(404));

    /** What is reached where it can be: an operation, a status, and the test. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "POST /orders 409", "dev.orderflow.intake.IdempotencyKeysIT#refusesARepetitionWhileTheFirstHasNoAnswer",
            "POST /routes/{file}/rollback 200",
                    "dev.orderflow.live.LiveIT#losesAndRepeatsNothingWhileItsRoutesAreEditedAtLoad");

    private final Token.Fresh everything = Token.fresh("everything", "orders+read+operate");
    private final Map<String, Token.Fresh> without = Map.of(
            "orders", Token.fresh("no-orders", "read+operate"),
            "read", Token.fresh("no-read", "orders+operate"),
            "operate", Token.fresh("no-operate", "orders+read"));
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Operation> operations = Operation.all();
    private final Set<String> reached = new ConcurrentSkipListSet<>();
    private final Map<String, List<String>> known = new HashMap<>();
    private Shop shop;

    @BeforeAll
    void open() {
        List<String> tokens = new ArrayList<>(List.of(everything.line()));
        without.values().forEach(token -> tokens.add(token.line()));
        shop = Shop.open(Map.of(
                "door.tokens",
                String.join(",", tokens),
                "door.requestTimeoutMs",
                Integer.toString(BODY_TIMEOUT_MS),
                "status.firstSightMs",
                "50",
                "audit.answerMs",
                "1"));
        shop.as(everything.token());
        shop.proveShipping();
        shop.breakShipping();
        UUID parked = shop.order(1).get(0);
        shop.awaitLetters("parked", 1);
        shop.mendShipping();
        List<String> orders = new ArrayList<>(List.of(parked.toString()));
        shop.order(3).forEach(id -> orders.add(id.toString()));
        shop.await("shipped", 3, "SELECT count(*) FROM shipping.shipment");
        shop.await("read", 5, "SELECT count(*) FROM status.orders");
        known.put("/orders/{id}", orders);
        known.put(
                "/orders cursor",
                List.of(shop.get("/orders?limit=1").path("next").asText()));
        known.put("/inventory/{sku}", List.of(Shop.SKU, "tea", "a.b-c_D"));
        known.put("/routes/{file}/rollback", List.of("shipping.camel.yaml", "status.camel.yaml"));
        known.put("/schemas/{name}", List.of("order.schema.json", "problem.schema.json"));
        known.put(
                "/dead-letters/{id}",
                List.of(shop.get("/dead-letters").at("/deadLetters/0/id").asText()));
        known.put("partition", List.of(shop.topic("orders") + "-0"));
    }

    @AfterAll
    void close() {
        shop.close();
    }

    @Test
    @Order(1)
    void answersEachStateOfThings() {
        String order = """
                {"customer":{"id":"c-1","email":"ada@example.com"},"shipTo":{"name":"Ada","street":"Main St 1",\
                "city":"Berlin","postalCode":"10115","country":"DE"},"currency":"EUR","lines":[%s]}""";
        String line = "{\"sku\":\"mug-blue\",\"quantity\":2,\"unitPrice\":\"12.50\"}";
        var keyed = Map.of("Idempotency-Key", "states");
        String letter = known.get("/dead-letters/{id}").get(0);

        state("POST /orders", "/orders", order.formatted(line), keyed, 202);
        state("POST /orders", "/orders", order.formatted(line.replace("2,", "3,")), keyed, 422);
        state("GET /orders/{id}", "/orders/" + known.get("/orders/{id}").get(1), "", Map.of("If-None-Match", "*"), 304);
        state("PUT /inventory/{sku}", "/inventory/states", "{\"onHand\":1}", Map.of(), 201);
        state("PUT /inventory/{sku}", "/inventory/states", "{\"onHand\":2}", Map.of(), 200);
        state("PUT /inventory/{sku}", "/inventory/mug-blue", "{\"onHand\":0}", Map.of(), 409);
        known.put(
                "/inventory cursor",
                List.of(shop.get("/inventory?limit=1").path("next").asText()));
        state("PUT /inventory/{sku}", "/inventory/states", "{\"onHand\":-1}", Map.of(), 422);
        state("POST /routes/{file}/rollback", "/routes/status.camel.yaml/rollback", "", Map.of(), 409);
        state("GET /dead-letters/{id}", "/dead-letters/" + letter, "", Map.of(), 200);
        state("POST /dead-letters/redrive", "/dead-letters/redrive", "{\"ids\":[\"x\"]}", Map.of(), 422);
        String ids = "{\"ids\":[\"%s\"],\"dryRun\":%s}";
        state("POST /dead-letters/redrive", "/dead-letters/redrive", ids.formatted(letter, true), Map.of(), 200);
        String job = state(
                        "POST /dead-letters/redrive",
                        "/dead-letters/redrive",
                        ids.formatted(letter, false),
                        Map.of(),
                        202)
                .path("job")
                .asText();
        state("GET /dead-letters/redrive/{job}", "/dead-letters/redrive/" + job, "", Map.of(), 200);
        known.put("/dead-letters/redrive/{job}", List.of(job));

        String operation = "{\"operation\":\"%s\",\"service\":\"%s\"%s}";
        state("POST /operations", "/operations", operation.formatted("resume", "status", ""), Map.of(), 200);
        state("POST /operations", "/operations", operation.formatted("resume", "nobody", ""), Map.of(), 404);
        String skip = ",\"partition\":\"%s\",\"first\":0,\"last\":999999"
                .formatted(known.get("partition").get(0));
        state("POST /operations", "/operations", operation.formatted("skip", "shipping", skip), Map.of(), 409);
        String rewound = state(
                        "POST /operations",
                        "/operations",
                        operation.formatted("rewind", "shipping", ",\"to\":\"beginning\""),
                        Map.of(),
                        202)
                .path("id")
                .asText();
        state("GET /operations/{id}", "/operations/" + rewound, "", Map.of(), 200);
        known.put("/operations/{id}", List.of(rewound));

        // The report comes with a later call than the first, which tells how far it is.
        Awaitility.await("the report of an audit")
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    send(operation("GET /audit"), "/audit", Map.of(), "");
                    return reached.contains("GET /audit 202") && reached.contains("GET /audit 200");
                });
    }

    @Test
    @Order(2)
    void refusesWhatTheContractSaysInWords() {
        for (InWords row : InWords.ALL) {
            Operation operation = operation(row.operation());
            if (!row.json().isEmpty()) {
                Contract.check(row.why(), operation.schemaOfBody(), json(row.json()));
            }

            state(row.operation(), row.pathAndQuery(), row.json(), Map.of(), row.status());
        }
    }

    @Test
    @Order(3)
    void answersEveryExtremeAsTheContractSays() {
        for (Operation operation : operations) {
            for (String text : Extremes.TEXTS) {
                String path = with(operation, text);
                if (!path.equals(operation.path())) {
                    send(operation, path, Map.of(), "{}");
                }
                for (String parameter : queryOf(operation)) {
                    send(operation, usual(operation) + "?" + parameter + "=" + encoded(text), Map.of(), "{}");
                }
            }
            if (operation.takes().isPresent()) {
                Extremes.BODIES.forEach(body -> send(operation, usual(operation), Map.of(), body));
            }
        }
    }

    /** Extremes in any mix, and valid calls of which one byte, or the end, is another. */
    @Test
    @Order(4)
    void answersWhatIsMalformedAsTheContractSays() throws InterruptedException {
        // An audit reads all topics each time.
        var some =
                operations.stream().filter(one -> !one.path().equals("/audit")).toList();
        drive(
                "malformed",
                CALLS,
                random -> number -> {
                    if (number % 2 == 0) {
                        Call call = new ValidRequests(random, known).next();
                        return new Call(
                                call.operation(), call.pathAndQuery(), call.headers(), spoilt(call.body(), random), 0);
                    }
                    Operation operation = any(random, some);
                    String path =
                            random.nextBoolean() ? usual(operation) : with(operation, any(random, Extremes.TEXTS));
                    List<String> pairs = new ArrayList<>();
                    for (String parameter : queryOf(operation)) {
                        if (random.nextInt(3) == 0) {
                            pairs.add(parameter + "=" + encoded(any(random, Extremes.TEXTS)));
                        }
                    }
                    return new Call(
                            operation,
                            pairs.isEmpty() ? path : path + "?" + String.join("&", pairs),
                            Map.of(),
                            any(random, Extremes.BODIES).getBytes(UTF_8),
                            0);
                },
                (call, answer) -> {});
    }

    @Test
    @Order(5)
    void takesWhatTheContractAllows() throws InterruptedException {
        drive("valid", CALLS, random -> number -> new ValidRequests(random, known).next(), (call, answer) -> {
            int status = answer.statusCode();
            boolean byState =
                    BY_STATE.getOrDefault(call.operation().name(), Set.of()).contains(status);
            assertThat(status >= 200 && status < 300 || byState)
                    .as("a call that the contract allows: " + answer.body())
                    .isTrue();
            if (call.operation().name().equals("POST /orders") && status >= 400) {
                assertThat(call.headers()).containsKey("Idempotency-Key");
                assertThat(answer.body()).contains("problems/idempotency-key-");
            }
            if (call.lines() > 0) {
                assertThat(answer.body().lines()).hasSize(call.lines()).allMatch(line -> line.contains("\"accepted\""));
            }
        });
    }

    /** What the door says of any call, by each operation. */
    @Test
    @Order(6)
    void everyOperationIsRefusedAtTheDoorAsTheContractSays() throws Exception {
        List<Callable<Void>> slow = new ArrayList<>();
        for (Operation operation : operations) {
            String at = someOf(operation);
            String type = "Content-Type: " + operation.takes().orElse("application/json") + "\r\n";
            String token = "Authorization: Bearer " + everything.token() + "\r\n";
            Map<Integer, String> heads = new LinkedHashMap<>();
            heads.put(400, at + "?x=%zz HTTP/1.1\r\n" + token);
            heads.put(401, at + " HTTP/1.1\r\n");
            heads.put(
                    403,
                    at + " HTTP/1.1\r\nAuthorization: Bearer "
                            + without.get(operation.role()).token() + "\r\n");
            heads.put(406, at + " HTTP/1.1\r\nAccept: text/html\r\n" + token);
            heads.put(413, at + " HTTP/1.1\r\nContent-Length: 20000000\r\n" + type + token);
            heads.put(414, at + "?x=" + "x".repeat(10_000) + " HTTP/1.1\r\n" + token);
            heads.put(415, at + " HTTP/1.1\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n" + token);
            heads.put(417, at + " HTTP/1.1\r\nExpect: what-comes\r\n" + token);
            heads.put(431, at + " HTTP/1.1\r\nX: " + "x".repeat(10_000) + "\r\n" + token);
            heads.forEach((status, head) -> raw(operation, status, head));
            if (operation.statuses().contains(408)) {
                slow.add(() -> {
                    raw(operation, 408, at + " HTTP/1.1\r\nContent-Length: 9\r\n" + type + token);
                    return null;
                });
            }
        }
        var threads = Executors.newFixedThreadPool(slow.size());
        try {
            for (var one : threads.invokeAll(slow, 60, TimeUnit.SECONDS)) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** On purpose: a step in front of each that fails, and then a process that stops. */
    @Test
    @Order(7)
    void everyOperationTellsFaultsAndAStopAsTheContractSays() {
        var router = shop.app.context().getRegistry().findSingleByType(VertxPlatformHttpRouter.class);
        var fault = new IllegalStateException("on purpose");
        fault.setStackTrace(new StackTraceElement[0]);
        for (Operation operation : operations) {
            var broken = router.route(
                            HttpMethod.valueOf(operation.method()),
                            operation.path().replaceAll("\\{([^}]+)}", ":$1"))
                    .order(-900)
                    .handler(ctx -> ctx.request().body().onComplete(read -> ctx.fail(fault)));
            state(operation.name(), someOf(operation), "{}", Map.of(), 500);
            broken.remove();
        }
        shop.app.context().suspend();
        operations.forEach(operation -> state(operation.name(), someOf(operation), "{}", Map.of(), 503));
    }

    @Test
    @Order(8)
    void everyAnswerOfTheContractIsReached() throws ClassNotFoundException {
        Set<String> unreached = new TreeSet<>();
        operations.forEach(
                operation -> operation.statuses().forEach(status -> unreached.add(operation.name() + " " + status)));
        assertThat(unreached).containsAll(ELSEWHERE.keySet()).containsAll(reached);
        unreached.removeAll(reached);
        unreached.removeAll(ELSEWHERE.keySet());

        assertThat(unreached).as("answers of openapi.json that no test reaches").isEmpty();
        for (String elsewhere : ELSEWHERE.values()) {
            String[] test = elsewhere.split("#");
            assertThat(Class.forName(test[0]).getDeclaredMethods())
                    .as(elsewhere)
                    .anyMatch(method -> method.getName().equals(test[1]) && isTest(method));
        }
    }

    private static boolean isTest(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(one -> one.annotationType().getSimpleName().endsWith("Test"));
    }

    /** One call whose answer must be this one. */
    private JsonNode state(String operation, String path, String body, Map<String, String> headers, int status) {
        var answer = send(operation(operation), path, headers, body);
        assertThat(answer.statusCode())
                .as(operation + " " + path + " " + body + ": " + answer.body())
                .isEqualTo(status);
        return json(answer.body());
    }

    /** Many calls at once; each has a number, and all that is of it comes from the seed. */
    private void drive(
            String what,
            int count,
            Function<Random, IntFunction<Call>> calls,
            BiConsumer<Call, HttpResponse<String>> holds)
            throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ContractPropertyIT: " + what + ": seed " + seed);
        long start = System.nanoTime();
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
        Map<String, Map<Integer, Integer>> seen = new TreeMap<>();
        var places = new Semaphore(TOGETHER);
        for (int i = 0; i < count && faults.size() < FAULTS_SHOWN; i++) {
            int number = i;
            // Of one seed too: a valid call that was spoilt before would come with a key that is another order's.
            Call call = calls.apply(new Random(seed + i + what.hashCode() * (long) count))
                    .apply(i);
            places.acquire();
            client.sendAsync(
                            request(call.operation(), call.pathAndQuery(), call.headers(), call.body()),
                            BodyHandlers.ofString())
                    .whenComplete((answer, failure) -> {
                        try {
                            if (failure != null) {
                                throw new AssertionError(failure);
                            }
                            check(
                                    call.operation(),
                                    answer.statusCode(),
                                    answer.headers().map(),
                                    answer.body());
                            assertThat(answer.statusCode()).as(answer.body()).isLessThan(500);
                            holds.accept(call, answer);
                            synchronized (seen) {
                                seen.computeIfAbsent(call.operation().name(), key -> new TreeMap<>())
                                        .merge(answer.statusCode(), 1, Integer::sum);
                            }
                        } catch (Throwable fault) {
                            faults.add(new AssertionError(
                                    "seed %d, call %d: %s %s %s %s"
                                            .formatted(
                                                    seed,
                                                    number,
                                                    call.operation().method(),
                                                    shortened(call.pathAndQuery()),
                                                    call.headers(),
                                                    shortened(new String(call.body(), UTF_8))),
                                    fault));
                        } finally {
                            places.release();
                        }
                    });
        }
        places.acquire(TOGETHER);
        seen.forEach((operation, statuses) -> System.out.println("ContractPropertyIT: " + operation + " " + statuses));
        System.out.printf(
                "ContractPropertyIT: %s: %,d good answers in %,d ms%n",
                what,
                seen.values().stream()
                        .flatMap(statuses -> statuses.values().stream())
                        .mapToInt(Integer::intValue)
                        .sum(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        if (!faults.isEmpty()) {
            var first = new AssertionError(
                    faults.size() + " of the calls; the first: " + faults.peek().getMessage(), faults.poll());
            faults.forEach(first::addSuppressed);
            throw first;
        }
    }

    /** Sends and holds the answer to the contract. */
    private HttpResponse<String> send(Operation operation, String path, Map<String, String> headers, String body) {
        try {
            var answer = client.send(request(operation, path, headers, body.getBytes(UTF_8)), BodyHandlers.ofString());
            check(operation, answer.statusCode(), answer.headers().map(), answer.body());
            return answer;
        } catch (IOException | InterruptedException | AssertionError e) {
            throw new AssertionError(operation.name() + " " + shortened(path) + " " + shortened(body), e);
        }
    }

    private HttpRequest request(Operation operation, String path, Map<String, String> headers, byte[] body) {
        var request = HttpRequest.newBuilder(URI.create(shop.app.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + everything.token())
                .method(
                        operation.method(),
                        operation.takes().isPresent() ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody());
        headers.forEach(request::header);
        if (!headers.containsKey("Content-Type")) {
            request.header("Content-Type", operation.takes().orElse("application/json"));
        }
        return request.build();
    }

    /** Status, headers, content type and body are as the contract says. */
    private void check(Operation operation, int status, Map<String, List<String>> headers, String body) {
        if (operation.answers().equals("application/x-ndjson") && status == 200) {
            assertThat(headers.get("content-type")).containsExactly("application/x-ndjson");
            body.lines()
                    .forEach(line -> Contract.check(
                            operation.name(), "openapi.json#/components/schemas/LineResult", json(line)));
        } else {
            Contract.answer(operation.method(), operation.path(), status, headers, body);
        }
        reached.add(operation.name() + " " + status);
    }

    /** The answer to a head, and to one byte of its body where it has one. */
    private void raw(Operation operation, int status, String head) {
        try (var socket = new Socket("127.0.0.1", URI.create(shop.app.url()).getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write((operation.method() + " " + head + "Host: x\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            String[] answer = read(socket.getInputStream());
            Map<String, List<String>> headers = new HashMap<>();
            String[] lines = answer[0].split("\r\n");
            for (String line : Arrays.copyOfRange(lines, 1, lines.length)) {
                String[] header = line.split(": ", 2);
                headers.computeIfAbsent(header[0], name -> new ArrayList<>()).add(header[1]);
            }
            // Where the first line cannot be read, its version is not known.
            assertThat(lines[0]).as(operation.name() + ": " + answer[1]).matches("HTTP/1\\.[01] " + status + " .*");
            check(operation, status, headers, answer[1]);
        } catch (IOException | AssertionError e) {
            throw new AssertionError(operation.name() + " " + status, e);
        }
    }

    /** The head and the body, as long as it says; the connection may stay open for what it has not read. */
    private static String[] read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as("the end of the connection behind: " + head).isNotNegative();
            head.append((char) c);
        }
        Matcher length = LENGTH.matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        return new String[] {
            head.toString().strip(), new String(in.readNBytes(Integer.parseInt(length.group(1))), UTF_8)
        };
    }

    private Operation operation(String name) {
        return operations.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> queryOf(Operation operation) {
        List<String> query = new ArrayList<>(operation.named("query"));
        query.add("unknown");
        return query;
    }

    private static String usual(Operation operation) {
        return with(operation, "x");
    }

    private static String with(Operation operation, String text) {
        return operation.path().replaceAll("\\{[^}]*}", Matcher.quoteReplacement(encoded(text)));
    }

    /** A path of something that is there. */
    private String someOf(Operation operation) {
        return operation.path().contains("{")
                ? with(operation, known.get(operation.path()).get(0))
                : operation.path();
    }

    /** Some bytes are others, or the end is missing; a path keeps its beginning, so that it is of the same operation. */
    private static byte[] spoilt(byte[] body, Random random) {
        byte[] spoilt = random.nextInt(4) == 0 ? Arrays.copyOf(body, random.nextInt(body.length + 1)) : body.clone();
        for (int i = 0; spoilt.length > 0 && i < 1 + random.nextInt(3); i++) {
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
        }
        return spoilt;
    }

    private static <T> T any(Random random, List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    private static String shortened(String text) {
        String some = text.length() > 300 ? text.substring(0, 300) + "..." : text;
        return some.replaceAll("\\p{Cc}", "?");
    }
}
