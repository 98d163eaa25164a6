package dev.orderflow.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The renderings of {@code kubernetes/}, by kubectl's Kustomize where this machine has it, otherwise by our own. */
final class Kustomize {

    /** Everything that a person applies, and what it is made of. */
    static final List<String> RENDERINGS =
            List.of("base", "overlays/dev", "overlays/prod", "camel-k/image", "camel-k/sources");

    static final Path FOLDER = Path.of("kubernetes");
    private static final Map<String, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

    private Kustomize() {}

    /** The documents of one rendering. */
    static List<JsonNode> render(String folder) {
        return RENDERED.computeIfAbsent(folder, it -> exists() ? byKubectl(it) : Assembly.of(FOLDER.resolve(it)));
    }

    static List<JsonNode> byKubectl(String folder) {
        return Manifests.documents(run(FOLDER.resolve(folder)));
    }

    static boolean exists() {
        return List.of(System.getenv("PATH").split(java.io.File.pathSeparator)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, "kubectl")));
    }

    private static String run(Path folder) {
        try {
            Path errors = Files.createTempFile(Path.of("target"), "kustomize", ".err");
            Process process = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(errors.toFile())
                    .start();
            String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(folder + " does not render: " + Files.readString(errors));
            }
            return yaml;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
