package dev.orderflow.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of this machine. */
public final class Ports {

    /** Below the ports that Linux, macOS and Windows give to outgoing connections. */
    private static final int FROM = 15_000;

    private static final int TO = 30_000;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /**
     * A port of the loopback address that nobody listens on, and that is given once in the life of this process. The
     * system gives none of these to an outgoing connection, which could otherwise take it before its owner listens, or
     * while its owner is away.
     */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new CannotStart(
                "This machine has no free port from %d to %d. Stop programs that listen there, or set the ports."
                        .formatted(FROM, TO));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The port that setting {@code key} names; for 0 a free one.
     *
     * @throws CannotStart when another program has it
     */
    public static int claim(Settings settings, String key, String host) {
        int port = settings.number(key);
        if (port == 0) {
            return free();
        }
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return port;
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotStart(
                    "Port %d of %s, which is setting %s, cannot be opened: %s. Stop the program that has it, or set %s to a free one."
                            .formatted(port, host, key, e.getMessage(), Settings.variable(key)),
                    e);
        }
    }
}
