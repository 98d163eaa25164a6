package dev.orderflow.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTest {

    private static final UUID ID = UUID.fromString("019aa000-0000-7000-8000-000000000001");

    @Test
    void isKnownByItsOrderAndItsType() {
        var said = Event.of(ID, "stock-short", Map.of("missing", "A"));

        assertThat(said.id()).isEqualTo(ID + "/stock-short");
        assertThat(said.time()).isEqualTo(Instant.EPOCH);
        assertThat(said.routeVersion()).isEmpty();
        assertThat(said.data()).isEqualTo(Map.of("missing", "A"));
    }

    @Test
    void showsNothingOfItsData() {
        assertThat(Event.of(ID, "stock-short", Map.of("name", "Ada"))).hasToString("Event[" + ID + "/stock-short]");
    }

    @Test
    void hasAnOrderOnlyWhenItIsOne() {
        Order order = OrderReader.record(Orders.utf8(Orders.recordText(text -> text)));

        assertThat(new Event(ID, Event.ORDER_PLACED, Instant.EPOCH, order).order())
                .isSameAs(order);
        assertThatThrownBy(() -> Event.of(ID, "stock-short", Map.of()).order())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A stock-short event has no order; only order-placed has.");
    }

    @Test
    void hasANameOnTheWire() {
        assertThat(CloudEvents.wireType("stock-short")).isEqualTo("dev.orderflow.stock-short.v1");
    }

    @ParameterizedTest
    @CsvSource({
        "dev.orderflow.stock-short.v1, stock-short",
        "dev.orderflow.stock-short.v2, ''",
        "com.example.stock-short.v1, ''",
        "stock-short, ''"
    })
    void knowsItsOwnNamesOfThisVersion(String wireType, String type) {
        assertThat(CloudEvents.shortType(wireType)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "dev.orderflow.stock-short.v2, stock-short",
                "dev.orderflow.stock-short, stock-short",
                "DEV.orderflow.Stock-Short.V1, stock-short",
                "` dev.orderflow.stock-short.v1 `, stock-short",
                "`dev.orderflow. stock-short .v1`, stock-short",
                "dev.orderflow.stock-short.v1.2, stock-short",
                "com.example.stock-short.v1, ``"
            })
    void guessesWhatANameWasMeantToBe(String wireType, String type) {
        assertThat(CloudEvents.likelyType(wireType)).isEqualTo(type);
    }
}
