package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every step that a version's trial can take. */
class RouteVersionTrialTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID ANOTHER = new UUID(0, 2);

    private long nanos = 1_000;

    @Test
    void aProvenVersionIsNeverToBlame() {
        var version = RouteVersionTrial.proven("v1");

        assertThat(version.isOnTrial()).isFalse();
        assertThat(version.isFirst()).isFalse();
        assertThat(version.isHeld()).isFalse();
        assertThat(version.failure()).isEmpty();
        assertThat(version.mayFail(ONE)).isFalse();
        assertThat(version.name()).isEqualTo("v1");
        assertThat(version.header()).isEqualTo("v1".getBytes(UTF_8));
    }

    @Test
    void aNewVersionMayBeToBlameForAnyOrder() {
        var version = RouteVersionTrial.onTrial("v2", PATIENCE);

        assertThat(version.isOnTrial()).isTrue();
        assertThat(version.isFirst()).isFalse();
        assertThat(version.mayFail(ONE)).isTrue();
        assertThat(version.name()).isEqualTo("v2");
    }

    @Test
    void theFirstVersionIsOnTrialToo() {
        var version = RouteVersionTrial.first("v1", PATIENCE);

        assertThat(version.isOnTrial()).isTrue();
        assertThat(version.isFirst()).isTrue();
        assertThat(version.isHeld()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneOrderDoneProvesIt(boolean first) {
        var version = trial(first);

        version.proved();

        assertThat(version.isOnTrial()).isFalse();
        assertThat(version.mayFail(ONE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneOrderThatFailsHoweverOftenIsNotItsFailure(boolean first) {
        var version = trial(first);

        version.failedOn(ONE, "it broke");
        version.failedOn(ONE, "it broke again");

        assertThat(version.failure()).isEmpty();
        assertThat(version.isOnTrial()).isTrue();
        assertThat(version.isHeld()).isFalse();
    }

    @Test
    void twoOrdersThatFailAreItsFailure() {
        var version = trial(false);

        version.failedOn(ONE, "it broke");
        version.failedOn(ANOTHER, "it broke again");

        assertThat(version.failure()).isEqualTo("it broke again");
        assertThat(version.isHeld()).as("there is one before it").isFalse();
    }

    @Test
    void theFirstVersionThatFailsIsHeld() {
        var version = trial(true);

        version.failedOn(ONE, "it broke");
        version.failedOn(ANOTHER, "it broke again");

        assertThat(version.isHeld()).isTrue();
        assertThat(version.isOnTrial()).isTrue();
    }

    @Test
    void theFirstVersionIsProvenAlsoAfterItFailed() {
        var version = trial(true);
        version.failed("no such table");

        version.proved();

        assertThat(version.isOnTrial()).isFalse();
        assertThat(version.isHeld()).isFalse();
        assertThat(version.failure()).isEmpty();
    }

    /** It is taken back: what it does meanwhile does not save it. */
    @Test
    void aVersionThatFailedIsNotProvenByALaterOrder() {
        var version = trial(false);
        version.failed("no such table");

        version.proved();

        assertThat(version.isOnTrial()).isTrue();
        assertThat(version.failure()).isEqualTo("no such table");
    }

    @Test
    void patienceBeginsWithTheFirstFailureAndEndsAfterItsTime() {
        var version = trial(false);
        nanos += PATIENCE.toNanos() * 3;

        assertThat(version.isPatienceOver()).isFalse();
        nanos += PATIENCE.toNanos();
        assertThat(version.isPatienceOver()).isFalse();
        nanos++;
        assertThat(version.isPatienceOver()).isTrue();
    }

    @Test
    void nobodyLosesPatienceWithAFirstVersionThatIsHeld() {
        var version = trial(true);
        version.failed("no such table");
        assertThat(version.isPatienceOver()).isFalse();

        nanos += PATIENCE.toNanos() * 100;

        assertThat(version.isPatienceOver()).isFalse();
    }

    /** Who takes it back needs time; only the first failure of the version gives it. */
    @Test
    void itsFailureGivesPatienceOnceMore() {
        var version = trial(false);
        version.isPatienceOver();
        nanos += PATIENCE.toNanos() + 1;

        version.failed("no such table");
        assertThat(version.isPatienceOver()).isFalse();

        nanos += PATIENCE.toNanos() + 1;
        version.failed("no such column");
        assertThat(version.isPatienceOver()).isTrue();
        assertThat(version.failure()).isEqualTo("no such column");
    }

    @Test
    void anOrderThatWaitedAloneIsSparedAndTheNextOneIsNot() {
        var version = trial(false);
        version.failedOn(ONE, "it broke");
        version.isPatienceOver();
        nanos += PATIENCE.toNanos() + 1;
        assertThat(version.isPatienceOver()).isTrue();

        version.goOn(ONE);

        assertThat(version.isOnTrial()).isTrue();
        assertThat(version.mayFail(ONE)).isFalse();
        assertThat(version.mayFail(ANOTHER)).isTrue();
        assertThat(version.isPatienceOver()).as("another one has patience anew").isFalse();
        version.failedOn(ANOTHER, "it broke");
        assertThat(version.failure()).isEqualTo("it broke");
    }

    @Test
    void whatNobodyTookBackIsAVersionLikeAnyOther() {
        var version = trial(false);
        version.failedOn(ONE, "it broke");
        version.failedOn(ANOTHER, "it broke");

        version.goOn(ANOTHER);

        assertThat(version.isOnTrial()).isFalse();
        assertThat(version.mayFail(ONE)).isFalse();
        assertThat(version.mayFail(ANOTHER)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStartIsProvenWhereTheServiceHasEverDoneAnOrder(boolean done) throws Exception {
        var database = new MemoryDatabase();
        if (done) {
            database.receipt("shipping", ONE, "order-placed", false, 1, null);
        }
        database.receipt("shipping", ANOTHER, "order-placed", true, 1, null);
        database.receipt("inventory", ANOTHER, "order-placed", false, 1, null);

        var version = RouteVersionTrial.ofStart("v1", PATIENCE, "shipping", database.dataSource());

        assertThat(version.isOnTrial()).isEqualTo(!done);
        assertThat(version.isFirst()).isEqualTo(!done);
        assertThat(version.name()).isEqualTo("v1");
    }

    @Test
    void aServiceRunsTheVersionThatWasToldOrOneWithoutAName() {
        var context = new DefaultCamelContext();
        assertThat(RouteVersions.of(context, "shipping").name()).isEmpty();
        var versions = new RouteVersions();
        context.getRegistry().bind(RouteVersions.NAME, versions);
        var told = trial(false);

        versions.tell("shipping", told);

        assertThat(RouteVersions.of(context, "shipping")).isSameAs(told);
        var untold = RouteVersions.of(context, "inventory");
        assertThat(untold.name()).isEmpty();
        assertThat(untold.isOnTrial()).isFalse();
    }

    private RouteVersionTrial trial(boolean first) {
        return new RouteVersionTrial("v2", true, first, PATIENCE, () -> nanos);
    }
}
