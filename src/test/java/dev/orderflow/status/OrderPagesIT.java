package dev.orderflow.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.database.Database;
import dev.orderflow.status.OrderQueries.OrderFilter;
import dev.orderflow.status.OrderQueries.OrderSummary;
import dev.orderflow.testing.StartedRestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pages over 100,000 orders: whole, steady while orders come in, and read through an index. */
class OrderPagesIT {

    private static final int ORDERS = 100_000;
    private static final OrderFilter ALL = new OrderFilter(Optional.empty(), Optional.empty());

    // One in 50 is on hold; 1,000 customers; four orders of each moment, so that ties count.
    private static final String FILL = """
            INSERT INTO status.orders (order_id, customer_id, placed_at, facts, body)
            SELECT gen_random_uuid(), 'c-' || n %% 1000, timestamptz '2026-01-01Z' + (n / 4) * interval '1 second',
                CASE WHEN n %% 50 = 0 THEN 85 ELSE 43 END, '{}'
            FROM generate_series(1, %d) AS n""".formatted(ORDERS);

    private static Database database;
    private static OrderQueries states;

    @BeforeAll
    static void start() throws SQLException {
        database = StartedRestServer.database();
        states = new OrderQueries(database);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(FILL);
            statement.execute("VACUUM ANALYZE status.orders");
        }
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void pagesAreWholeAndEachOrderStandsOnceWhileOthersComeIn() throws Exception {
        StatusProjection book = Story.book(database);
        OrderFilter one = new OrderFilter(Optional.empty(), Optional.of("c-7"));
        List<OrderSummary> before = states.page(one, Optional.empty(), ORDERS);
        List<OrderSummary> seen = new ArrayList<>();
        List<UUID> added = new ArrayList<>();

        List<OrderSummary> page = states.page(one, Optional.empty(), 7);
        while (!page.isEmpty()) {
            seen.addAll(page);
            UUID id = UUID.randomUUID();
            added.add(id);
            book.note(List.of(Story.placed(id, Story.NOON.plusSeconds(added.size()), "c-7")));
            page = states.page(one, Optional.of(page.get(page.size() - 1).place()), 7);
        }

        assertThat(before).hasSize(ORDERS / 1_000);
        assertThat(seen).containsExactlyElementsOf(before);
        assertThat(states.page(one, Optional.empty(), added.size()))
                .extracting(OrderSummary::orderId)
                .containsExactlyInAnyOrderElementsOf(added);
    }

    @Test
    void everyOrderIsOnOnePageNewestFirst() throws Exception {
        OrderFilter onHold = new OrderFilter(Optional.of("on-hold"), Optional.empty());
        List<OrderSummary> seen = new ArrayList<>();

        List<OrderSummary> page = states.page(onHold, Optional.empty(), 200);
        while (!page.isEmpty()) {
            seen.addAll(page);
            page = states.page(onHold, Optional.of(page.get(page.size() - 1).place()), 200);
        }

        assertThat(seen).hasSize(ORDERS / 50).doesNotHaveDuplicates();
        assertThat(seen).allMatch(line -> line.status().equals("on-hold"));
        assertThat(seen).isSortedAccordingTo((a, b) -> b.placedAt().compareTo(a.placedAt()));
    }

    @Test
    void aPageReadsAFewRowsOfAnIndexWhateverTheFilter() throws Exception {
        OrderSummary middle = states.page(ALL, Optional.empty(), 50_000).get(49_999);

        for (List<String> statuses : List.of(OrderQueries.STATUSES, List.of("on-hold"))) {
            assertFlat(OrderQueries.PAGE_OF_ALL, statuses, Optional.empty(), middle);
            assertFlat(OrderQueries.PAGE_OF_CUSTOMER, statuses, Optional.of("c-50"), middle);
        }
    }

    /** No scan of the table, and no node that reads many more rows than the page holds. */
    private static void assertFlat(String sql, List<String> statuses, Optional<String> customer, OrderSummary from)
            throws SQLException {
        String plan = explain(sql, statuses, customer, from);
        assertThat(plan).contains("Index").doesNotContain("Seq Scan on orders");
        Matcher rows = Pattern.compile("rows=(\\d+)(?:\\.\\d+)? loops=(\\d+)").matcher(plan);
        while (rows.find()) {
            assertThat(Long.parseLong(rows.group(1)) * Long.parseLong(rows.group(2)))
                    .as(plan)
                    .isLessThanOrEqualTo(51L * OrderQueries.STATUSES.size());
        }
        assertThat(plan).doesNotContain("Rows Removed by OrderFilter");
    }

    private static String explain(String sql, List<String> statuses, Optional<String> customer, OrderSummary from)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + sql)) {
            int at = 1;
            statement.setArray(at++, connection.createArrayOf("text", statuses.toArray()));
            if (customer.isPresent()) {
                statement.setString(at++, customer.get());
            }
            statement.setString(at++, from.place().placedAt());
            statement.setObject(at++, from.orderId());
            statement.setInt(at++, 51);
            statement.setInt(at, 51);
            var plan = new StringBuilder();
            try (ResultSet line = statement.executeQuery()) {
                while (line.next()) {
                    plan.append(line.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }
}
