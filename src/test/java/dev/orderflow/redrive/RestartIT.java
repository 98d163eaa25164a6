package dev.orderflow.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.cli.Bar;
import dev.orderflow.cli.Operator;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Shop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
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
        try (var after = start()) {
            var operator = new Operator(
                    after.app.settings().with("cli.url", after.app.url()),
                    new PrintStream(out, true),
                    new Bar(System.err, false));

            // When
            int status = operator.redrive(List.of("service=shipping", "ratePerSecond=50"));

            // Then
            assertThat(status).isZero();
            after.awaitLetters("home", 3);
            assertThat(after.count("SELECT count(*) FROM shipping.shipment WHERE state = 'prepared'"))
                    .isEqualTo(3);
            assertThat(operator.deadLetters(List.of("state=home"))).isZero();
            assertThat(out.toString()).contains("\"redrive\" : 3", "\"state\" : \"home\"");
        }
    }
}
