package dev.orderflow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of this machine. */
public final class Ports {

    private Ports() {}

    /** A port of the loopback address that nobody listens on. */
    public static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CannotStart("This machine has no free port: " + e.getMessage() + ".", e);
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
