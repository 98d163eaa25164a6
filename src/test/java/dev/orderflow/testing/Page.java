package dev.orderflow.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The files that a page of docs/ tells its reader to write, as written. */
public final class Page {

    private final String text;

    public Page(String name) {
        try {
            text = Files.readString(Path.of("docs", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The block whose fence names the file. */
    public String file(String name) {
        var block = Pattern.compile("(?s)```\\w+ " + Pattern.quote(name) + "\\n(.*?)```")
                .matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException("The page has no file '" + name + "'.");
        }
        return block.group(1);
    }
}
