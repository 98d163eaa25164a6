package dev.orderflow.inventory;

import dev.orderflow.settings.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few goods for a shop that is empty, so that the first order can succeed, and one that cannot. */
public final class Catalogue {

    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    /** Of the vase there are three: an order of four is short. */
    static final Map<String, Integer> GOODS = new TreeMap<>(Map.of(
            "mug-blue", 1_000,
            "mug-white", 1_000,
            "plate-flat", 500,
            "plate-deep", 500,
            "bowl-small", 800,
            "teapot-1l", 120,
            "tea-earl-grey-100g", 5_000,
            "vase-cobalt", 3));

    // Another process may fill the table at the same time; then neither overwrites what the other put there.
    private static final String FILL = """
            INSERT INTO inventory.stock (sku, on_hand)
            SELECT g.sku, g.on_hand FROM unnest(?::text[], ?::int[]) AS g (sku, on_hand)
            WHERE NOT EXISTS (SELECT FROM inventory.stock)
            ORDER BY g.sku
            ON CONFLICT DO NOTHING""";

    private Catalogue() {}

    /**
     * Fills an empty stock table where setting {@code inventory.seed} says so; call it when the schema is there.
     *
     * @param embedded whether the database is the embedded one, which is what {@code auto} goes by
     */
    public static void seed(Settings settings, DataSource database, boolean embedded) throws SQLException {
        if (!wanted(settings, embedded)) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FILL)) {
            statement.setArray(
                    1, connection.createArrayOf("text", GOODS.keySet().toArray()));
            statement.setArray(
                    2, connection.createArrayOf("int4", GOODS.values().toArray()));
            int added = statement.executeUpdate();
            if (added > 0) {
                LOG.info("inventory: the shop was empty and got {} goods (setting inventory.seed)", added);
            }
        }
    }

    static boolean wanted(Settings settings, boolean embedded) {
        return settings.choice("inventory.seed").equals("auto") ? embedded : settings.flag("inventory.seed");
    }
}
