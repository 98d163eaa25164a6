package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.StartedRestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InventoryRoutesIT {

    private static StartedRestServer server;

    @BeforeAll
    static void start() throws Exception {
        Settings settings = Settings.load();
        server = new StartedRestServer(settings, new InventoryRoutes(settings));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void setsAndShowsStock() throws Exception {
        var added = server.put("/inventory/tea-1", "{\"onHand\": 12}");
        var changed = server.put("/inventory/tea-1", "{\"onHand\": 20}");
        var shown = server.get("/inventory/tea-1");

        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(added.headers().firstValue("Location")).contains("/inventory/tea-1");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(shown.body()).isEqualTo("{\"sku\":\"tea-1\",\"onHand\":20,\"reserved\":0,\"available\":20}");
    }

    @Test
    void refusesToSetLessThanIsReserved() throws Exception {
        server.put("/inventory/cup", "{\"onHand\": 10}");
        reserve("cup", 4);

        var answer = server.put("/inventory/cup", "{\"onHand\": 3}");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("4 of sku 'cup' are reserved");
        assertThat(server.put("/inventory/cup", "{\"onHand\": 4}").body()).contains("\"available\":0");
    }

    @Test
    void pagesBySku() throws Exception {
        for (String sku : List.of("zz.b", "zz-a", "zz_c")) {
            server.put("/inventory/" + sku, "{\"onHand\": 1}");
        }
        List<String> seen = new ArrayList<>();
        String next = "?limit=2";
        while (!next.isEmpty()) {
            JsonNode page =
                    new ObjectMapper().readTree(server.get("/inventory" + next).body());
            page.path("stock").forEach(item -> seen.add(item.path("sku").asText()));
            next = page.has("next") ? "?limit=2&cursor=" + page.path("next").asText() : "";
        }

        assertThat(seen).doesNotHaveDuplicates().isSorted().contains("zz-a", "zz.b", "zz_c");
    }

    @Test
    void refusesABodyThatBreaksARule() {
        String whole = "onHand must be a whole number from 0 to 1,000,000,000, but was ";
        assertRefused(422, "{\"onHand\": -1}", whole + "-1");
        assertRefused(422, "{\"onHand\": 1000000001}", whole + "1000000001");
        assertRefused(422, "{\"onHand\": 1.5}", whole + "1.5");
        assertRefused(422, "{\"onHand\": \"5\"}", whole + "'5'");
        assertRefused(422, "{}", "onHand is missing");
        assertRefused(422, "[]", "the body must be an object");
        assertRefused(422, "{\"onHand\": 1, \"reserved\": 0}", "'reserved' is not known here, only onHand");
        assertRefused(400, "{\"onHand\": 1, \"onHand\": 2}", "not valid JSON at line 1");
        assertRefused(400, "{\"onHand\": 1} x", "not valid JSON at line 1");
        assertRefused(400, "{\"onHand\":", "ends too early");
        assertRefused(400, "{\"onHand\": %s}".formatted("9".repeat(1_001)), "far too long");
        assertRefused(400, "[".repeat(1_001), "nests deeper");
        assertRefused(400, "", "Send a JSON object such as");
    }

    @Test
    void takesNothingOfARequestForAHeader() throws Exception {
        var request = server.request("/inventory/tea-3")
                .header("Content-Type", "application/json")
                .header("CamelJacksonUnmarshalType", "java.lang.String")
                .header("JMSType", "java.lang.String")
                .header("CamelHttpResponseCode", "299")
                .header("Location", "elsewhere");

        var answer = server.send(request.PUT(BodyPublishers.ofString("{\"onHand\": 3}")));

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).contains("/inventory/tea-3");
        assertThat(answer.headers().map()).doesNotContainKeys("jmstype", "cameljacksonunmarshaltype");
    }

    @Test
    void refusesASkuThatNoOrderCouldName() {
        assertThat(server.put("/inventory/a%20b", "{\"onHand\": 1}").statusCode())
                .isEqualTo(422);
        assertThat(server.get("/inventory/a%00b").statusCode()).isEqualTo(400);
        assertThat(server.get("/inventory/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesParametersItDoesNotKnow() {
        assertThat(server.get("/inventory?sku=a").statusCode()).isEqualTo(400);
        assertThat(server.get("/inventory?cursor=AAAA").statusCode()).isEqualTo(400);
        assertThat(server.get("/inventory?limit=-1").statusCode()).isEqualTo(400);
    }

    @Test
    void refusesABodyThatIsNoJson() {
        HttpResponse<String> answer = server.send(server.request("/inventory/tea-2")
                .header("Content-Type", "text/plain")
                .PUT(BodyPublishers.ofString("12")));

        assertThat(answer.statusCode()).isEqualTo(415);
    }

    private static void assertRefused(int status, String body, String sentence) {
        var answer = server.put("/inventory/tea-9", body);
        assertThat(answer.statusCode()).as(body).isEqualTo(status);
        assertThat(answer.body()).contains(sentence);
    }

    private static void reserve(String sku, int quantity) throws SQLException {
        try (var connection = server.dataSource().getConnection();
                var statement = connection.prepareStatement("UPDATE inventory.stock SET reserved = ? WHERE sku = ?")) {
            statement.setInt(1, quantity);
            statement.setString(2, sku);
            statement.executeUpdate();
        }
    }
}
