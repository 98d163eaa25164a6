package dev.orderflow.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.database.Database;
import dev.orderflow.testing.Embedded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasePasswordIT {

    @TempDir
    Path folder;

    @Test
    void isReadAgainWithEachNewConnection() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("password"), "wr0ng-secret");
        try (var database = new Database()) {
            database.setUrl(Embedded.shared().databaseUrl());
            database.setUsername(Embedded.shared().user());
            database.setPassword("file:" + file);
            database.setMinimumIdle(0);
            assertThatThrownBy(database::getConnection)
                    .isInstanceOf(SQLException.class)
                    .rootCause()
                    .hasMessageContaining("password authentication failed");
            Files.delete(file);
            assertThatThrownBy(database::getConnection)
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("the password file %s cannot be read: NoSuchFile".formatted(file));

            // When
            Files.writeString(file, Embedded.shared().password() + "\n");

            // Then
            try (var connection = database.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }
}
