package dev.orderflow.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A password that stands in a file, set as {@code file:/path}: the file is read again with each new connection, so that
 * who renews a password writes one file and restarts nothing.
 */
final class PasswordFile {

    static final String PREFIX = "file:";

    private PasswordFile() {}

    static boolean isNamed(String password) {
        return password != null && password.startsWith(PREFIX);
    }

    /**
     * The password itself, without the line end that editors write.
     *
     * @param password the password, or {@code file:} and the path of the file that holds it
     * @throws IOException with a sentence for a person when the file cannot be read or is empty
     */
    static String read(String password) throws IOException {
        if (!isNamed(password)) {
            return password;
        }
        Path file = Path.of(password.substring(PREFIX.length()));
        String found;
        try {
            found = Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException(
                    "the password file %s cannot be read: %s"
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        }
        if (found.isEmpty()) {
            throw new IOException("the password file %s is empty".formatted(file));
        }
        return found;
    }
}
