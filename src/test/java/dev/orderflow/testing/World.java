package dev.orderflow.testing;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** One test's own topics and database on the shared broker and PostgreSQL, and what there is to see in them. */
public final class World implements AutoCloseable {

    private final String suffix;
    private final Map<String, String> settings = new HashMap<>();
    private final HikariDataSource database;
    private final Topics topics;

    private World(String suffix, String brokers) {
        var embedded = Embedded.shared();
        this.suffix = suffix;
        settings.put("kafka.brokers", brokers);
        settings.put("database.url", embedded.newDatabase());
        settings.put("database.user", embedded.user());
        settings.put("database.password", embedded.password());
        settings.put("orders.topic", "orders" + suffix);
        settings.put("order-events.topic", "order-events" + suffix);
        settings.put("orders-dlt.topic", "orders-dlt" + suffix);
        settings.put("inventory.seed", "false");
        settings.put("orderflow.http.port", "0");
        settings.put("orderflow.management.port", "0");
        settings.put("orderflow.data.dir", Embedded.settings().text("orderflow.data.dir"));
        Embedded.createTopics(brokers, 3, orders(), events(), deadLetters());
        database = embedded.dataSource(settings.get("database.url"));
        topics = new Topics(brokers);
    }

    public static World of(String name) {
        return on(Embedded.shared().brokers(), name);
    }

    /** On other brokers; this is the address that asks for no login. */
    public static World on(String brokers, String name) {
        return new World("-" + name + "-" + UUID.randomUUID().toString().substring(0, 8), brokers);
    }

    /** The same names of topics on other brokers, and another database: what goes on in the two can be compared. */
    public World twin(String brokers) {
        return new World(suffix, brokers);
    }

    /** The settings of a process in this world, with {@code more} over them. */
    public Map<String, String> settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return all;
    }

    public String orders() {
        return settings.get("orders.topic");
    }

    public String events() {
        return settings.get("order-events.topic");
    }

    public String deadLetters() {
        return settings.get("orders-dlt.topic");
    }

    public Topics topics() {
        return topics;
    }

    public DataSource database() {
        return database;
    }

    /** One number; -1 while the table is not there yet. */
    public long count(String sql) {
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            if (e.getSQLState().startsWith("42") || e.getSQLState().startsWith("3F")) {
                return -1;
            }
            throw new IllegalStateException(e);
        }
    }

    public void execute(String sql) {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void stock(String sku, int onHand) {
        execute("INSERT INTO inventory.stock(sku, on_hand) VALUES ('%s', %d)".formatted(sku, onHand));
    }

    /** Records that a service has not committed yet, in both topics. */
    public long lag(String service) {
        return topics.lag(service, orders()) + (service.equals("inventory") ? 0 : topics.lag(service, events()));
    }

    @Override
    public void close() {
        topics.close();
        database.close();
    }
}
