package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.database.Database;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.StartedRestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogueIT {

    private final Settings settings = Settings.load();
    private Database database;
    private StockLevels table;

    @BeforeEach
    void start() {
        database = StartedRestServer.database();
        table = new StockLevels(database);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void fillsAnEmptyShopOfTheDefaultRun() throws Exception {
        Catalogue.seed(settings, database, true);

        assertThat(table.page("", 100)).hasSameSizeAs(Catalogue.GOODS.keySet());
        assertThat(table.find("vase-cobalt")).contains(new StockItem("vase-cobalt", 3, 0));
    }

    @Test
    void leavesAShopAloneThatHasSomething() throws Exception {
        table.set("own", 1);

        Catalogue.seed(settings, database, true);

        assertThat(table.page("", 100)).containsExactly(new StockItem("own", 1, 0));
    }

    @Test
    void leavesADatabaseAloneThatIsNotTheEmbeddedOne() throws Exception {
        Catalogue.seed(settings, database, false);

        assertThat(table.page("", 100)).isEmpty();
    }

    @Test
    void doesAsTheSettingSays() throws Exception {
        Catalogue.seed(settings.with("inventory.seed", "false"), database, true);
        assertThat(table.page("", 100)).isEmpty();

        Catalogue.seed(settings.with("inventory.seed", "true"), database, false);
        assertThat(table.page("", 100)).isNotEmpty();
    }
}
