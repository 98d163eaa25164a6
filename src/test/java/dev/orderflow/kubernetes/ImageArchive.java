package dev.orderflow.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** An image as {@code -Pimage} writes it: a docker archive, read and unpacked with tar alone. */
record ImageArchive(Path file) {

    /** What a container of it is started with: user, entry point, environment, ports. */
    JsonNode config() throws IOException {
        return json(manifest().path("Config").asText()).path("config");
    }

    /** From the base to the routes. */
    List<String> layers() throws IOException {
        return texts(manifest().path("Layers"));
    }

    /** Every path of every layer. */
    List<String> paths() throws IOException {
        var paths = new ArrayList<String>();
        for (String layer : layers()) {
            run(
                            "bash",
                            "-c",
                            "tar -xOf \"$0\" \"$1\" | tar --warning=no-unknown-keyword -tzf -",
                            file.toString(),
                            layer)
                    .lines()
                    .forEach(paths::add);
        }
        return paths;
    }

    /** Lays one layer over the other, as a runtime does. */
    Path unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String layer : layers()) {
            run(
                    "bash",
                    "-c",
                    "tar -xOf \"$0\" \"$1\" | tar --warning=no-unknown-keyword -xzf - -C \"$2\"",
                    file.toString(),
                    layer,
                    folder.toString());
        }
        return folder;
    }

    private JsonNode manifest() throws IOException {
        return json("manifest.json").get(0);
    }

    private JsonNode json(String entry) throws IOException {
        return new ObjectMapper().readTree(run("tar", "-xOf", file.toString(), entry));
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}
