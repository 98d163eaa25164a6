package dev.orderflow.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What to do when an embedded part does not start on its folder. */
final class Remedy {

    /** For a folder that was looked at and is not whole. */
    static final String DAMAGED = "Restore the data folder from a copy, or move it away to begin empty.";

    private static final String FULL = "Its disk is full. Make room and start again; what it holds is kept.";
    private static final String UNKNOWN =
            "Put that right and start again; what the folder holds is kept. Copy it before you change anything in it.";

    private static final Pattern FULL_SAID = Pattern.compile("(?i).*(no space left|disk quota exceeded|disk full).*");
    private static final long BYTES_MIN = 4L * 1024 * 1024;

    private Remedy() {}

    /**
     * For a failure that says nothing of the folder itself, so that nobody is told to give up what is in it.
     *
     * @param said what the part said, in any number of lines
     */
    static String of(Path folder, String said) {
        return said.lines().anyMatch(line -> FULL_SAID.matcher(line).matches()) || isFull(folder) ? FULL : UNKNOWN;
    }

    private static boolean isFull(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() < BYTES_MIN;
        } catch (IOException e) {
            // It is not there, or cannot be asked; then it is not known to be full.
            return false;
        }
    }
}
