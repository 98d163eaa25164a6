package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.delivery.Triage.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way that the decision can go, without a broker or a database. */
class TriageTest {

    private static final int MANY = 8;

    private final List<String> asked = new ArrayList<>();

    /** What may have gone wrong, by what is to be done about it. */
    enum Failure {
        OURS(new SQLException("no such table", "42P01")),
        PASSING(new SQLException("gone", "08006")),
        SLOW(new SQLException("statement timeout", "57014")),
        PUT_OFF(new SMTPSendFailedException("RCPT", 452, "452 4.2.2 full", null, null, null, null)),
        POISON(new SQLException("check violated", "23514"));

        private final Exception exception;

        Failure(Exception exception) {
            this.exception = exception;
        }
    }

    @ParameterizedTest
    @CsvSource({
        // failure, events, put off for long, the version's, the cap allows: verdict; what was asked
        "OURS,    1, true,  true,  true,  HOLD,        ''",
        "OURS,    8, true,  true,  true,  HOLD,        ''",
        "PASSING, 1, true,  true,  true,  WAIT,        ''",
        "PASSING, 8, true,  true,  true,  WAIT,        ''",
        "PUT_OFF, 1, true,  true,  true,  PUT_OFF,     put-off",
        "PUT_OFF, 1, false, true,  true,  WAIT,        put-off",
        "PUT_OFF, 8, true,  true,  true,  WAIT,        ''",
        "POISON,  8, true,  true,  true,  HALVE,       ''",
        "POISON,  2, true,  true,  true,  HALVE,       ''",
        "POISON,  1, true,  true,  true,  SUSPECT,     version",
        "POISON,  1, true,  false, true,  PARK,        version cap",
        "POISON,  1, true,  false, false, HOLD_AT_CAP, version cap"
    })
    void decides(
            Failure failure,
            int events,
            boolean putOffForLong,
            boolean versions,
            boolean capAllows,
            Verdict verdict,
            String wasAsked) {
        assertThat(new Triage().of(failure.exception, events, alone(putOffForLong, versions, capAllows)))
                .isEqualTo(verdict);
        assertThat(String.join(" ", asked)).isEqualTo(wasAsked);
    }

    /** The causes behind an exception of Camel count as it does. */
    @ParameterizedTest
    @EnumSource(Failure.class)
    void looksBehindTheOutermost(Failure failure) {
        Verdict bare = new Triage().of(failure.exception, 1, alone(true, false, true));

        Exception wrapped = new IllegalStateException(new RuntimeException(failure.exception));
        assertThat(new Triage().of(wrapped, 1, alone(true, false, true))).isEqualTo(bare);
    }

    @Test
    void triesFewerAtOnceWhenManyAreTooSlowAgainAndAgain() {
        var triage = new Triage();
        for (int timeouts = 1; timeouts <= Triage.STATEMENT_TIMEOUTS_MAX; timeouts++) {
            assertThat(triage.of(Failure.SLOW.exception, MANY, alone(false, false, true)))
                    .as("timeout %d", timeouts)
                    .isEqualTo(Verdict.WAIT);
        }
        assertThat(triage.of(Failure.SLOW.exception, MANY, alone(false, false, true)))
                .isEqualTo(Verdict.HALVE);
        // An outage that is none of the size ends the waiting as well: fewer are tried when it is over.
        assertThat(triage.of(Failure.PASSING.exception, MANY, alone(false, false, true)))
                .isEqualTo(Verdict.HALVE);
    }

    @Test
    void waitsForOneAloneHoweverOftenItIsTooSlow() {
        var triage = new Triage();
        for (int timeouts = 0; timeouts < 3 * Triage.STATEMENT_TIMEOUTS_MAX; timeouts++) {
            assertThat(triage.of(Failure.SLOW.exception, 1, alone(false, true, true)))
                    .isEqualTo(Verdict.WAIT);
        }
    }

    private Triage.Circumstances alone(boolean putOffForLong, boolean versions, boolean capAllows) {
        return new Triage.Circumstances() {

            @Override
            public boolean isPutOffForLong() {
                asked.add("put-off");
                return putOffForLong;
            }

            @Override
            public boolean mayBeTheVersions() {
                asked.add("version");
                return versions;
            }

            @Override
            public boolean mayPark() {
                asked.add("cap");
                return capAllows;
            }
        };
    }
}
