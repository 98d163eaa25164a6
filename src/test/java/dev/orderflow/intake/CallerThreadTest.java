package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallerThreadTest {

    private final CallerThread thread = new CallerThread();
    private final List<Thread> ran = new ArrayList<>();

    @Test
    void runsATaskOnTheThreadThatBringsIt() {
        thread.execute(() -> ran.add(Thread.currentThread()));
        var done = thread.submit(() -> {
            ran.add(Thread.currentThread());
        });

        assertThat(ran).containsExactly(Thread.currentThread(), Thread.currentThread());
        assertThat(done).isDone();
    }

    /** The component asks it to end with each producer, and others use it still. */
    @Test
    void hasNothingToEnd() {
        thread.shutdown();

        assertThat(thread.shutdownNow()).isEmpty();
        assertThat(thread.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
        assertThat(thread.isShutdown()).isFalse();
        assertThat(thread.isTerminated()).isFalse();
    }
}
