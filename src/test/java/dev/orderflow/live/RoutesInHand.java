package dev.orderflow.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A copy of the shipped route folder that a test may edit, as a person would. */
final class RoutesInHand {

    private final Path folder;

    RoutesInHand(Path folder) {
        this.folder = folder;
        try (var files = Files.list(Path.of("routes-yaml"))) {
            Files.createDirectories(folder);
            for (Path file : files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return folder;
    }

    String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes in place. */
    void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes beside and renames over, as editors do. */
    void renameOver(String name, String text) {
        try {
            Path beside = folder.resolve("." + name + ".swp");
            Files.writeString(beside, text);
            Files.move(beside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String name) {
        try {
            Files.delete(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces words that must be there. */
    void edit(String name, String found, String replacement) {
        renameOver(name, edited(read(name), found, replacement));
    }

    static String edited(String text, String found, String replacement) {
        if (!text.contains(found)) {
            throw new IllegalArgumentException("The file has no '" + found + "'.");
        }
        return text.replace(found, replacement);
    }
}
