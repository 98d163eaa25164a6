package dev.orderflow.delivery;

import dev.orderflow.database.SqlErrors;

/**
 * Decides what becomes of events whose transaction failed. It knows no broker, no database and no clock: what it must know
 * of the event and of its service is asked of {@link Circumstances}, and only when it counts.
 */
final class Triage {

    /** What the delivery does next with them. */
    enum Verdict {
        /** It is our fault and the same for every record: nothing is done until a person has mended it. */
        HOLD,
        /** The other side puts off this one and may take others: they are tried first. */
        PUT_OFF,
        /** It passes: all of them are tried again. */
        WAIT,
        /** It stays: each half is tried on its own, until the poison stands alone. */
        HALVE,
        /** It stands alone, and the version on trial may be to blame. */
        SUSPECT,
        /** It stands alone, and too many were parked for the same cause. */
        HOLD_AT_CAP,
        /** It stands alone and can never succeed. */
        PARK
    }

    /** What is asked of one event that failed alone. */
    interface Circumstances {

        /** Whether it has been put off for longer than {@code delivery.putOffMs}; asked of what is put off only. */
        boolean isPutOffForLong();

        /** Whether the version of the routes that runs may be to blame, since it has done no order yet. */
        boolean mayBeTheVersions();

        /** Whether the cap allows one more dead letter of this cause. */
        boolean mayPark();
    }

    /** So many statement timeouts of more than one event are waited out; then fewer at once may be quick enough. */
    static final int STATEMENT_TIMEOUTS_MAX = 3;

    private int timeouts;

    /**
     * @param events how many were in the transaction
     * @param alone of the only one; not asked where there are more
     */
    Verdict of(Throwable failure, int events, Circumstances alone) {
        timeouts += SqlErrors.isStatementTimeout(failure) ? 1 : 0;
        if (SqlErrors.isOurFault(failure)) {
            return Verdict.HOLD;
        }
        if (events == 1 && FailureClassifier.isPutOff(failure) && alone.isPutOffForLong()) {
            return Verdict.PUT_OFF;
        }
        // One alone is nobody's poison for a timeout: the server may be slow as well.
        if (FailureClassifier.is(failure) && (events == 1 || timeouts <= STATEMENT_TIMEOUTS_MAX)) {
            return Verdict.WAIT;
        }
        if (events > 1) {
            return Verdict.HALVE;
        }
        if (alone.mayBeTheVersions()) {
            return Verdict.SUSPECT;
        }
        return alone.mayPark() ? Verdict.PARK : Verdict.HOLD_AT_CAP;
    }
}
