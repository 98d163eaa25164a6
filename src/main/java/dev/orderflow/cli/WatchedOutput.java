package dev.orderflow.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Remembers why its first write failed, which a PrintStream tells nobody. */
final class WatchedOutput extends OutputStream {

    private final OutputStream out;
    private IOException failure;

    WatchedOutput(OutputStream out) {
        this.out = out;
    }

    /** Empty also where the reader of a pipe had enough, as {@code head} does. */
    synchronized Optional<IOException> failure() {
        return Optional.ofNullable(failure)
                .filter(one -> !String.valueOf(one.getMessage()).contains("Broken pipe"));
    }

    @Override
    public synchronized void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }
}
