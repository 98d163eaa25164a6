package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.CapturedLog;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A copy of {@code beans.camel.yaml} of the version before runs, and whoever has it is told what to write. */
class FormerBeanNamesTest {

    @ParameterizedTest
    @CsvSource({
        "delivery.Database, database.Database",
        "delivery.Joining, delivery.PartitionAssignment",
        "delivery.Gather, delivery.CollectBodies",
        "status.StatusBook, status.StatusProjection"
    })
    void worksAndNamesTheNewOne(String former, String now) throws Exception {
        try (var log = CapturedLog.debugOf("dev.orderflow.delivery.FormerName")) {
            Object bean =
                    Class.forName("dev.orderflow." + former).getConstructor().newInstance();

            assertThat(bean).isInstanceOf(Class.forName("dev.orderflow." + now));
            assertThat(log.text())
                    .isEqualTo(
                            "WARN a route file names the bean type dev.orderflow.%s, which goes with the next version: write dev.orderflow.%s"
                                    .formatted(former, now));
        }
    }
}
