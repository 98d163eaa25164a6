package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.drill.Checker.Finding;
import dev.orderflow.settings.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The checker is checked: each way to do it wrong is caught by the rule that it breaks, and a sound one passes. */
class BrokenVariantsChaos {

    /** One process has it all: it starts fast, and its death is everybody's. */
    private static final Map<String, String> ROLES = Map.of(Stage.FRONT, "*");

    private static final int PER_SECOND = 30;
    private static final Duration QUIET = Duration.ofSeconds(40);

    private interface Trouble {
        void on(Stage stage);
    }

    @Test
    void catchesAReceiptOutsideTheTransaction() {
        assertThat(play(Variant.RECEIPT_OUTSIDE_THE_TRANSACTION, halt(Halt.Step.AFTER_EFFECT, "ledger")))
                .anyMatch(finding -> finding.rule() == 2 && finding.what().startsWith("double"));
    }

    @Test
    void catchesAnOffsetBeforeTheCommit() {
        assertThat(play(Variant.OFFSET_BEFORE_THE_COMMIT, halt(Halt.Step.AFTER_CLAIM, "inventory")))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesAutoCommitOfBatches() {
        assertThat(play(Variant.BATCH_AUTO_COMMIT, halt(Halt.Step.AFTER_CLAIM, "inventory")))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    /** The poison that shipping cannot book comes with every client. */
    @Test
    void catchesASkipOnException() {
        assertThat(play(Variant.SKIP_ON_EXCEPTION, stage -> awaitAccepted(stage, 100)))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesAResultEventThatIsNotRepeated() {
        assertThat(play(Variant.RESULT_EVENT_NOT_REPEATED, halt(Halt.Step.AFTER_COMMIT, "inventory")))
                .anyMatch(finding -> finding.rule() == 5 && finding.what().startsWith("said by"));
    }

    @Test
    void catchesACommitThatIsNotSynchronous() {
        assertThat(play(Variant.COMMIT_NOT_SYNCHRONOUS, stage -> {
                    stage.postgres.execute("ALTER SYSTEM SET wal_writer_delay = '10s'");
                    stage.postgres.execute("SELECT pg_reload_conf()");
                    stage.postgres.execute("ALTER DATABASE orderflow SET synchronous_commit = off");
                    stage.instances().forEach(instance -> instance.database.reset());
                    for (int i = 0; i < 2; i++) {
                        Fault.pause(5_000);
                        stage.postgres.killAndStart();
                    }
                }))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesA202BeforeTheAcknowledgement() {
        assertThat(playHasty(Variant.ACCEPTED_BEFORE_THE_ACKNOWLEDGEMENT, 2))
                .anyMatch(finding -> finding.rule() == 1 && finding.what().startsWith("accepted and not in the topic"));
    }

    @Test
    void catchesRequestHeadersInTheTopic() {
        assertThat(playHasty(Variant.REQUEST_HEADERS_LET_THROUGH, 1))
                .anyMatch(finding -> finding.rule() == 9 && finding.what().startsWith("header"));
    }

    @Test
    void catchesAConsumerThatGoesOnePastWhatItCannotRead() {
        assertThat(play(BadDay.BATCH_SPOILT, Mutation.ONE_PAST_UNREADABLE))
                .anyMatch(finding -> finding.what().startsWith("silent"));
    }

    @Test
    void catchesReadUncommitted() {
        assertThat(play(BadDay.TRANSACTION_ABORTED, Mutation.READ_UNCOMMITTED))
                .anyMatch(finding -> finding.rule() == 3 && finding.what().startsWith("effect of"));
    }

    @Test
    void catchesACommitOfSomebodyElseThatNobodyNotices() {
        assertThat(play(BadDay.FOREIGN_COMMIT, Mutation.FOREIGN_COMMIT_UNNOTICED))
                .anyMatch(finding -> finding.what().startsWith("silent"))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesAMemberOfSomebodyElseThatNobodyNotices() {
        assertThat(play(BadDay.STRANGER_IN_GROUP, Mutation.FOREIGN_MEMBER_UNNOTICED))
                .anyMatch(finding -> finding.what().startsWith("silent"));
    }

    @Test
    void catchesARetentionThatNobodyNotices() {
        assertThat(play(BadDay.RETENTION_PASSED, Mutation.RETENTION_UNNOTICED))
                .anyMatch(finding -> finding.what().startsWith("silent"));
    }

    @Test
    void catchesASupervisorThatTellsNothing() {
        assertThat(play(BadDay.READ_DENIED, Mutation.TROUBLE_UNTOLD))
                .anyMatch(finding -> finding.what().startsWith("silent"));
    }

    @Test
    void catchesSessionsThatStayReadOnly() {
        assertThat(play(BadDay.DATABASE_READ_ONLY, Mutation.SESSIONS_STAY_READ_ONLY))
                .anyMatch(finding -> finding.what().startsWith("lost"));
    }

    @Test
    void catchesATimeoutThatIsTakenForPoison() {
        assertThat(play(BadDay.STATEMENT_TIMEOUT, Mutation.TIMEOUT_TAKEN_FOR_POISON))
                .anyMatch(finding -> finding.what().startsWith("unexplained dead letter"));
    }

    @Test
    void catchesARecordThatIsNearlyOursAndPassed() {
        assertThat(play(BadDay.FOREIGN_RECORDS, Mutation.NEARLY_OURS_PASSED))
                .anyMatch(finding -> finding.what().startsWith("lost: unreadable"));
    }

    @Test
    void passesAProducerWithoutIdempotenceSinceItsReceiversAreGood() {
        var trouble = (Trouble) stage -> {
            for (int i = 0; i < 2; i++) {
                awaitAccepted(stage, 60);
                stage.cluster.proxies().forEach(proxy -> proxy.set(Proxy.Mode.NO_REPLY));
                Fault.pause(3_000);
                stage.cluster.proxies().forEach(proxy -> proxy.set(Proxy.Mode.FORWARD));
            }
        };
        assertThat(play(
                        Variant.PRODUCER_NOT_IDEMPOTENT,
                        Map.of("camel.component.kafka.enableIdempotence", "false"),
                        trouble))
                .isEmpty();
    }

    private static void awaitAccepted(Stage stage, int more) {
        long wanted = stage.history.acceptedCount() + more;
        Awaitility.await(more + " accepted orders")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> stage.history.acceptedCount() >= wanted);
    }

    /** Ends the process the next time that this route comes to this step. */
    private static Trouble halt(Halt.Step step, String route) {
        return stage -> {
            awaitAccepted(stage, 60);
            Halt.arm(stage.front().haltFile(), step, route);
            Awaitility.await("halt " + step)
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> !Files.exists(stage.front().haltFile()));
        };
    }

    private static List<Finding> play(Variant variant, Trouble trouble) {
        return play(variant, Map.of(), trouble);
    }

    private static List<Finding> play(Variant variant, Map<String, String> settings, Trouble trouble) {
        try (var stage = stage(variant, settings)) {
            stage.open(Plan.newSeed(), PER_SECOND);
            trouble.on(stage);
            return end(stage);
        }
    }

    /** A product that is changed meets the bad day that would show it. */
    private static List<Finding> play(BadDay day, Mutation mutation) {
        var classes = mutation.compile(newFolder());
        try (var stage = Stage.start(1, ROLES, Map.of(Mutation.CLASSES, classes.toString()))) {
            stage.open(Plan.newSeed(), PER_SECOND);
            awaitAccepted(stage, 60);
            var blow = day.strike(stage, new Random(Plan.newSeed()));
            Recovery.await(stage, blow.from(), QUIET);
            List<Finding> findings = new ArrayList<>();
            blow.silent().forEach(what -> findings.add(new Finding(11, "silent", what)));
            findings.addAll(end(stage));
            return findings;
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "drill")), "mutation-")
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stage stage(Variant variant, Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put(Variant.NAME, variant.name());
        return Stage.start(1, ROLES, all);
    }

    /** The last of these intakes is left alive, so that clients get an answer for everything. */
    private static List<Finding> playHasty(Variant variant, int lives) {
        int port = Ports.free();
        try (var stage = stage(Variant.SOUND, Map.of())) {
            Process intake = hasty(stage, port, variant);
            stage.open("http://127.0.0.1:" + port, Plan.newSeed(), PER_SECOND);
            awaitAccepted(stage, 100);
            for (int life = 1; life < lives; life++) {
                Child.kill(intake);
                intake = hasty(stage, port, variant);
                awaitAccepted(stage, 60);
            }
            var findings = end(stage);
            Child.kill(intake);
            return findings;
        }
    }

    private static Process hasty(Stage stage, int port, Variant variant) {
        var intake = Child.java(
                stage.folder().resolve("hasty.log"),
                System.getProperty("java.class.path"),
                List.of("-Xmx128m"),
                HastyIntake.class.getName(),
                List.of(Integer.toString(port), stage.cluster.direct(), variant.name()));
        Awaitility.await("hasty intake").atMost(60, TimeUnit.SECONDS).until(() -> listens(port));
        return intake;
    }

    private static boolean listens(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
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
