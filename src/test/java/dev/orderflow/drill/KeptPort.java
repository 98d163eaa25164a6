package dev.orderflow.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for what is killed and comes back. They lie below those that the system gives to outgoing connections, one of
 * which would otherwise take a port while its owner is away, and keep it away for good.
 */
final class KeptPort {

    private static final int FROM = 15_000;
    private static final int TO = 32_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private KeptPort() {}

    static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
