package dev.orderflow.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading topics ends where the brokers take connections and say nothing, as frozen ones do. */
class TopicScanTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private ServerSocket mute;

    @BeforeEach
    void listen() throws IOException {
        mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        mute.close();
    }

    private TopicScan scan() {
        return new TopicScan(
                Map.of("bootstrap.servers", "127.0.0.1:" + mute.getLocalPort()),
                "test",
                Duration.ofSeconds(1),
                unread -> {});
    }

    @Test
    @Timeout(20)
    void endsAReadingThatGetsNothingMore() {
        try (var scan = scan()) {
            assertThatThrownBy(() -> scan.read(Map.of(PARTITION, 0L), Map.of(PARTITION, 5L), one -> {}))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("gave nothing more of [orders-0]");
        }
    }

    @Test
    @Timeout(20)
    void asksForATopicNoLongerThanSeconds() {
        try (var scan = scan()) {
            assertThatThrownBy(() -> scan.partitions("orders")).isInstanceOf(TimeoutException.class);
        }
    }
}
