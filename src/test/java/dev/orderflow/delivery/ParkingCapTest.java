package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParkingCapTest {

    private final ParkingCap cap = new ParkingCap(2, 100);

    @Test
    void holdsWhenOneFingerprintIsParkedTooOften() {
        // Given
        cap.seen(10);
        cap.parked("a");
        cap.parked("a");
        cap.parked("b");

        // Then
        assertThat(cap.allows("a")).isFalse();
        assertThat(cap.allows("b")).isTrue();
    }

    @Test
    void forgetsWhatIsOlderThanItsWindow() {
        // Given
        cap.seen(10);
        cap.parked("a");
        cap.parked("a");

        // When
        cap.seen(100);

        // Then
        assertThat(cap.allows("a")).isTrue();
    }
}
