package dev.orderflow.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Shop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters outlive the broker, the database and every process; the command line brings them home. */
class RestartIT {

    @TempDir
    Path data;

    private Shop start() {
        return Shop.of(RunningApp.start(Embedded.settings(data), Map.of()));
    }

    @Test
    void bringsHomeWhatWasParkedBeforeARestartOfEverything() throws InterruptedException {
        // Given
        try (var before = start().stocked()) {
            before.proveShipping();
            before.breakShipping();
            before.order(3);
            before.awaitLetters("parked", 3);
            before.mendShipping();
        }
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true);
        try (var after = start()) {
            // When
            int status = after.command(
                    print, System.err, false, "redrive", "--service", "shipping", "--rate-per-second=50", "--yes");

            // Then
            assertThat(status).isZero();
            after.awaitLetters("home", 3);
            assertThat(after.count("SELECT count(*) FROM shipping.shipment WHERE state = 'prepared'"))
                    .isEqualTo(3);
            out.reset();
            assertThat(after.command(print, System.err, false, "dead-letters", "--state", "home"))
                    .isZero();
            assertThat(out.toString().lines().filter(line -> line.contains(" home ")))
                    .hasSize(3 + 1);
        }
    }
}
