package dev.orderflow.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {

    /** IANA's dynamic ports begin at 49152, Linux's own at 32768: an outgoing connection takes none below. */
    @Test
    void freePortsAreGivenOnceAndLieBelowThoseOfOutgoingConnections() {
        var given = IntStream.range(0, 200).map(i -> Ports.free()).boxed().toList();

        assertThat(given)
                .doesNotHaveDuplicates()
                .allSatisfy(port -> assertThat(port).isBetween(1_024, 32_767));
    }
}
