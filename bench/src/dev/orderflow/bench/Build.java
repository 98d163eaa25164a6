package dev.orderflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A production build: its own launcher, libraries and routes.
 *
 * @param name of the side that it is
 * @param home holds {@code bin/orderflow}, {@code lib} and {@code routes-yaml}
 * @param told which one it is, such as its commit
 */
record Build(String name, Path home, String told) {

    private static final Path IN_CHECKOUT = Path.of("target", "orderflow");

    /** The build of this checkout. */
    static Build own(String name) {
        return new Build(name, IN_CHECKOUT, commit(Path.of("")));
    }

    /** The build in a folder, which is a built checkout or a production build. */
    static Build in(String name, Path folder) {
        if (isBuild(folder)) {
            return new Build(name, folder, String.valueOf(folder.getFileName()));
        }
        var home = folder.resolve(IN_CHECKOUT);
        if (isBuild(home)) {
            refuseOlderThanSources(folder, home);
            return new Build(name, home, commit(folder));
        }
        throw new IllegalArgumentException(
                "--against takes a checkout with a built target/orderflow, or a production build with bin/orderflow, lib and routes-yaml, but '%s' %s. %s"
                        .formatted(
                                folder,
                                Files.isDirectory(folder)
                                        ? Files.exists(folder.resolve("pom.xml"))
                                                ? "is a checkout that is not built"
                                                : "is neither a checkout nor a build"
                                        : "is no folder",
                                "Build the version before with ./mvnw package -DskipTests, and name its folder."));
    }

    Path launcher() {
        return home.resolve("bin").resolve("orderflow");
    }

    Path routes() {
        return home.resolve("routes-yaml");
    }

    private static boolean isBuild(Path folder) {
        return Files.isExecutable(folder.resolve("bin").resolve("orderflow"))
                && Files.isDirectory(folder.resolve("lib"))
                && Files.isDirectory(folder.resolve("routes-yaml"));
    }

    // The same rule by which bench/run builds this checkout; another one is not ours to build.
    private static void refuseOlderThanSources(Path checkout, Path home) {
        try (var files = sources(checkout)) {
            var built = Files.getLastModifiedTime(home.resolve("lib"));
            files.filter(file -> modified(file).compareTo(built) > 0)
                    .findFirst()
                    .ifPresent(newer -> {
                        throw new IllegalArgumentException(
                                "The build in '%s' is older than its '%s'. Build it again with ./mvnw package -DskipTests."
                                        .formatted(home, checkout.relativize(newer)));
                    });
        } catch (IOException e) {
            throw new IllegalArgumentException("'%s' cannot be read: %s.".formatted(checkout, e), e);
        }
    }

    private static Stream<Path> sources(Path checkout) throws IOException {
        return Stream.of(
                        Stream.of(checkout.resolve("pom.xml")),
                        Files.walk(checkout.resolve("src").resolve("main")),
                        Files.walk(checkout.resolve("routes-yaml")))
                .flatMap(files -> files);
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("'%s' cannot be read: %s.".formatted(file, e), e);
        }
    }

    /** As Git names it, with a mark where files differ from it; the folder's name where Git does not know it. */
    private static String commit(Path checkout) {
        var folder = checkout.toAbsolutePath();
        try {
            var git = new ProcessBuilder(List.of("git", "describe", "--always", "--dirty"))
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var said = new String(git.getInputStream().readAllBytes()).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0
                    ? "commit " + said
                    : String.valueOf(folder.getFileName());
        } catch (IOException e) {
            return String.valueOf(folder.getFileName());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
