package dev.orderflow.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The sessions of a service are set up the same in every locale. */
class DatabaseTest {

    @Test
    void saysNumbersInTheDigitsOfSql() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try (var database = new Database()) {
            database.setLockWaitMs(12_345);

            assertThat(database.getConnectionInitSql()).contains("'60000'", ">= 12345 THEN '12345'");
        } finally {
            Locale.setDefault(before);
        }
    }
}
