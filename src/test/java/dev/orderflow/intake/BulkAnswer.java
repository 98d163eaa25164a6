package dev.orderflow.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** The answer to a bulk as it came over the connection. {@code head} is in small letters. */
record BulkAnswer(String head, String body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static BulkAnswer read(InputStream in) throws IOException {
        String head = head(in);
        return new BulkAnswer(head, body(head, in));
    }

    static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        return head.toString();
    }

    private static String body(String head, InputStream in) throws IOException {
        if (!head.contains("transfer-encoding: chunked")) {
            String length = head.replaceFirst("(?s).*content-length: (\\d+).*", "$1");
            return new String(in.readNBytes(Integer.parseInt(length)), UTF_8);
        }
        var body = new ByteArrayOutputStream();
        for (byte[] part = chunk(in); part.length > 0; part = chunk(in)) {
            body.writeBytes(part);
        }
        return body.toString(UTF_8);
    }

    /** Empty at the end. */
    static byte[] chunk(InputStream in) throws IOException {
        byte[] part = in.readNBytes(Integer.parseInt(line(in), 16));
        line(in);
        return part;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The connection ended.");
            }
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    int status() {
        return Integer.parseInt(head.split(" ")[1]);
    }

    List<JsonNode> results() {
        return body.lines().map(BulkAnswer::json).toList();
    }

    /** Each line as its number and what became of it, with the status of its problem: {@code 2 invalid 422}. */
    List<String> outcomes() {
        return results().stream()
                .map(result -> result.get("line") + " " + result.get("status").asText()
                        + (result.has("problem") ? " " + result.at("/problem/status") : ""))
                .toList();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
