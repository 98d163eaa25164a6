package dev.orderflow.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderIdTest {

    private static final UUID ID = UUID.fromString("6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506");

    @ParameterizedTest
    @ValueSource(strings = {"6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506", "6F1C2A34-5B6D-4E7F-8A90-B1C2D3E4F506"})
    void takesEitherCase(String text) {
        assertThat(OrderId.parse(text)).contains(ID);
        assertThat(OrderId.ofKey(text.getBytes(UTF_8))).contains(ID);
    }

    /** Java would take all but the last three. */
    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "1-1-1-1-1",
                "6f1c2a345-b6d-4e7f-8a90-b1c2d3e4f506",
                "6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f50",
                "{6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f5}",
                "6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f50g",
                ""
            })
    void takesNothingElse(String text) {
        assertThat(OrderId.parse(text)).isEmpty();
        assertThat(OrderId.ofKey(text == null ? null : text.getBytes(UTF_8))).isEmpty();
    }
}
