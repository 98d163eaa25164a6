package dev.orderflow.audit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An audit ends where nothing answers it. */
class AuditOfNobodyTest {

    @Test
    // A socket that is read is not interrupted, so the test must not be the one that reads.
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endsWhereADatabaseTakesTheConnectionAndSaysNothing() throws IOException {
        try (var mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var settings = Settings.load()
                    .with("database.url", "jdbc:postgresql://127.0.0.1:%d/orderflow".formatted(mute.getLocalPort()));
            var audit = new Audit(settings, Map.of("bootstrap.servers", "127.0.0.1:1"));

            assertThatThrownBy(() -> audit.run((part, doing) -> {})).isInstanceOf(SQLException.class);
        }
    }
}
