package dev.orderflow.telemetry;

import java.util.concurrent.ThreadFactory;

/** Threads that keep no process alive, by whose name a thread dump tells whose they are. */
public final class DaemonThreads {

    private DaemonThreads() {}

    public static ThreadFactory named(String name) {
        return work -> of(name, work);
    }

    /** One that is not started yet. */
    public static Thread of(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
