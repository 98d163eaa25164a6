package dev.orderflow.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy on the loopback address that does to its connections what a bad network does. */
final class Proxy implements AutoCloseable {

    enum Mode {
        FORWARD,
        /** Resets what is open, and each new connection at once. */
        CUT,
        /** Keeps connections open and lets nothing through; what is held goes on afterwards, as TCP sends it again. */
        BLACK_HOLE,
        /** Requests arrive and their answers do not; they are lost afterwards. */
        NO_REPLY
    }

    private static final int BUFFER_BYTES = 65_536;

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private Mode mode = Mode.FORWARD;
    private int delayMs;

    Proxy(int target) {
        this.target = target;
        try {
            door = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    void set(Mode next) {
        synchronized (change) {
            boolean answersAreLost = mode == Mode.NO_REPLY;
            mode = next;
            if (next == Mode.CUT || answersAreLost) {
                reset();
            }
            change.notifyAll();
        }
    }

    /** Holds each piece of a stream for so long, in milliseconds. */
    void delay(int ms) {
        synchronized (change) {
            delayMs = ms;
        }
    }

    /** Resets every connection; new ones are let through. */
    void reset() {
        open.forEach(this::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                daemon(() -> connect(client));
            } catch (IOException e) {
                // Closed, or one that came and went.
            }
        }
    }

    private void connect(Socket client) {
        try {
            if (mode() == Mode.CUT) {
                close(client);
                return;
            }
            var server = new Socket("127.0.0.1", target);
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon(() -> pump(client, server, false));
            pump(server, client, true);
        } catch (IOException e) {
            close(client);
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        var buffer = new byte[BUFFER_BYTES];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n > 0;
                    n = from.getInputStream().read(buffer)) {
                hold(answers);
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            // Either side is gone; so is the other one now.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    private void hold(boolean answers) throws InterruptedException {
        int pause;
        synchronized (change) {
            while (mode == Mode.BLACK_HOLE || mode == Mode.NO_REPLY && answers) {
                change.wait();
            }
            pause = delayMs;
        }
        if (pause > 0) {
            Thread.sleep(pause);
        }
    }

    private Mode mode() {
        synchronized (change) {
            return mode;
        }
    }

    private void close(Socket socket) {
        try {
            // A reset and no orderly end, which would tell the peer that all was said.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
        open.remove(socket);
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        set(Mode.CUT);
    }
}
