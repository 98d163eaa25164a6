package dev.orderflow.drill;

import dev.orderflow.settings.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * One process of the production build, with some services, and whoever starts it again when it ends by itself: what
 * systemd or Kubernetes would be.
 */
final class Instance implements AutoCloseable {

    private static final Path BUILD = Path.of("target", "orderflow", "lib");
    private static final String MAIN = "dev.orderflow.app.App";
    private static final int READY_S = 180;

    final String name;
    final Proxy database;

    private final Path folder;
    private final Map<String, String> settings;
    private final int http = Ports.free();
    private final int management = Ports.free();
    private Process process;
    private boolean wanted;

    Instance(String name, String services, Path folder, Map<String, String> shared, Postgres postgres) {
        this.name = name;
        this.folder = folder;
        this.database = new Proxy(postgres.port());
        settings = new HashMap<>(shared);
        settings.put("orderflow.services", services);
        settings.put("orderflow.http.port", Integer.toString(http));
        settings.put("orderflow.management.port", Integer.toString(management));
        settings.put("orderflow.data.dir", folder.resolve(name).toString());
        settings.put("database.url", postgres.url(database));
        settings.put("database.user", postgres.user());
        settings.put("database.password", postgres.password());
        settings.put(Halt.FILE, haltFile().toString());
        var keeper = new Thread(this::keep, "keeper-" + name);
        keeper.setDaemon(true);
        keeper.start();
    }

    String url() {
        return "http://127.0.0.1:" + http;
    }

    String managementUrl() {
        return "http://127.0.0.1:" + management;
    }

    Path haltFile() {
        return folder.resolve(name + ".halt");
    }

    Path log() {
        return folder.resolve(name + ".log");
    }

    synchronized Instance start() {
        wanted = true;
        launch();
        return this;
    }

    private void launch() {
        var flags = new ArrayList<>(List.of("-Xmx192m"));
        settings.forEach((key, value) -> flags.add("-D" + key + "=" + value));
        process = Child.java(log(), classPath(), flags, MAIN, List.of("run"));
    }

    /** The production build, where there is one, with the drill's own classes behind it, and a mutation before it. */
    private String classPath() {
        String mutation = settings.get(Mutation.CLASSES);
        return (mutation == null ? "" : mutation + File.pathSeparator) + product();
    }

    private static String product() {
        return Files.isDirectory(BUILD)
                ? BUILD + "/*" + File.pathSeparator + Path.of("target", "test-classes")
                : System.getProperty("java.class.path");
    }

    Instance awaitReady() {
        Awaitility.await(name + " is ready").atMost(READY_S, TimeUnit.SECONDS).until(() -> timesReady() > 0);
        return this;
    }

    private long timesReady() {
        try (var lines = Files.lines(log())) {
            return lines.filter(line -> line.contains("Orderflow is ready")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM; returns when the start that follows is ready with another setting. */
    void restartWith(String setting, String value) {
        long before = timesReady();
        synchronized (this) {
            settings.put(setting, value);
        }
        terminate();
        Awaitility.await(name + " is ready again")
                .atMost(READY_S, TimeUnit.SECONDS)
                .until(() -> timesReady() > before);
    }

    /** All later starts, of whichever instance, are quicker. */
    void archive() {
        Child.archive(current(), classPath(), MAIN);
    }

    /** SIGKILL. */
    void kill() {
        Child.kill(current());
    }

    /** SIGTERM. */
    void terminate() {
        current().destroy();
    }

    void pause() {
        Child.signal("STOP", current());
    }

    void goOn() {
        Child.signal("CONT", current());
    }

    /** SIGTERM, and no new start. */
    synchronized void stop() {
        wanted = false;
        process.destroy();
    }

    private synchronized Process current() {
        return process;
    }

    private void keep() {
        while (true) {
            try {
                Thread.sleep(200);
                synchronized (this) {
                    if (wanted && !process.isAlive()) {
                        launch();
                    }
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            wanted = false;
        }
        if (process != null) {
            goOn();
            Child.kill(process);
        }
        database.close();
    }
}
