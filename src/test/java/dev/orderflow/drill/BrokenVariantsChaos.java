package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.Ports;
import dev.orderflow.drill.Checker.Finding;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The checker is checked: each way to do it wrong is caught by the rule that it breaks, and a sound one passes. */
class BrokenVariantsChaos {

    private static final Map<String, String> ROLES = Map.of("others", "inventory,shipping,notification,ledger");
    private static final int PER_SECOND = 30;
    private static final Duration QUIET = Duration.ofSeconds(40);

    private interface Trouble {
        void on(Stage stage);
    }

    @Test
    void catchesAReceiptOutsideTheTransaction() {
        assertThat(play(Variant.RECEIPT_OUTSIDE_THE_TRANSACTION, halts(Halt.Step.AFTER_EFFECT)))
                .anyMatch(finding -> finding.rule() == 2);
    }

    @Test
    void catchesAnOffsetBeforeTheCommit() {
        assertThat(play(Variant.OFFSET_BEFORE_THE_COMMIT, halts(Halt.Step.AFTER_CLAIM)))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesAutoCommitOfBatches() {
        assertThat(play(Variant.BATCH_AUTO_COMMIT, halts(Halt.Step.AFTER_CLAIM)))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesASkipOnException() {
        assertThat(play(Variant.SKIP_ON_EXCEPTION, stage -> Fault.pause(20_000)))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesAResultEventThatIsNotRepeated() {
        assertThat(play(Variant.RESULT_EVENT_NOT_REPEATED, halts(Halt.Step.AFTER_COMMIT)))
                .anyMatch(finding -> finding.rule() == 5 && finding.what().startsWith("said by"));
    }

    @Test
    void catchesACommitThatIsNotSynchronous() {
        assertThat(play(Variant.COMMIT_NOT_SYNCHRONOUS, stage -> {
                    stage.postgres.execute("ALTER SYSTEM SET wal_writer_delay = '10s'");
                    stage.postgres.execute("SELECT pg_reload_conf()");
                    stage.postgres.execute("ALTER DATABASE orderflow SET synchronous_commit = off");
                    stage.instances().forEach(instance -> instance.database.reset());
                    for (int i = 0; i < 3; i++) {
                        Fault.pause(6_000);
                        stage.postgres.killAndStart();
                    }
                }))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesA202BeforeTheAcknowledgement() {
        assertThat(playHasty(Variant.ACCEPTED_BEFORE_THE_ACKNOWLEDGEMENT)).anyMatch(finding -> finding.rule() == 1);
    }

    @Test
    void catchesRequestHeadersInTheTopic() {
        assertThat(playHasty(Variant.REQUEST_HEADERS_LET_THROUGH)).anyMatch(finding -> finding.rule() == 9);
    }

    @Test
    void passesAProducerWithoutIdempotenceSinceItsReceiversAreGood() {
        var settings = Map.of("camel.component.kafka.enableIdempotence", "false", Variant.NAME, Variant.SOUND.name());
        try (var stage = Stage.start(1, ROLES, settings)) {
            stage.open(Plan.newSeed(), PER_SECOND);
            for (int i = 0; i < 3; i++) {
                Fault.pause(3_000);
                stage.cluster.proxies().forEach(proxy -> proxy.set(Proxy.Mode.NO_REPLY));
                Fault.pause(3_000);
                stage.cluster.proxies().forEach(proxy -> proxy.set(Proxy.Mode.FORWARD));
            }

            assertThat(end(stage)).isEmpty();
        }
    }

    /** Ends the service at this step, three times. */
    private static Trouble halts(Halt.Step step) {
        return stage -> {
            var others = stage.instances().get(1);
            for (int i = 0; i < 3; i++) {
                Fault.pause(3_000);
                Halt.arm(others.haltFile(), step);
                Awaitility.await("halt " + step)
                        .atMost(60, TimeUnit.SECONDS)
                        .until(() -> !Files.exists(others.haltFile()));
            }
        };
    }

    private static List<Finding> play(Variant variant, Trouble trouble) {
        try (var stage = Stage.start(1, ROLES, Map.of(Variant.NAME, variant.name()))) {
            stage.open(Plan.newSeed(), PER_SECOND);
            trouble.on(stage);
            return end(stage);
        }
    }

    private static List<Finding> playHasty(Variant variant) {
        int port = Ports.free();
        try (var stage = Stage.start(1, ROLES, Map.of())) {
            for (int i = 0; i < 3; i++) {
                var intake = Child.java(
                        stage.folder().resolve("hasty.log"),
                        System.getProperty("java.class.path"),
                        List.of("-Xmx128m"),
                        HastyIntake.class.getName(),
                        List.of(Integer.toString(port), stage.cluster.direct(), variant.name()));
                Awaitility.await("hasty intake").atMost(60, TimeUnit.SECONDS).until(() -> listens(port));
                if (i == 0) {
                    stage.open("http://127.0.0.1:" + port, Plan.newSeed(), PER_SECOND);
                }
                Fault.pause(5_000);
                Child.kill(intake);
            }
            return end(stage);
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static List<Finding> end(Stage stage) {
        stage.shut();
        boolean quiet = stage.quiet(QUIET);
        var evidence = stage.evidence();
        var findings = Checker.check(evidence, Stage.TOPICS);
        new Report(new Plan(Plan.newSeed(), List.of())).end(evidence, stage.history, findings, quiet);
        return findings;
    }
}
