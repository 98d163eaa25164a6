package dev.orderflow.local;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs PostgreSQL's command line programs. */
final class PostgresTools {

    private final PostgresBinaries programs;
    private final Path output;

    /** @param output file that gets what the last program printed */
    PostgresTools(PostgresBinaries programs, Path output) {
        this.programs = programs;
        this.output = output;
    }

    /** @throws IOException with what the program printed, when it does not end with 0 */
    void run(String program, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        boolean root = new UnixSystem().getUid() == 0;
        if (root) {
            // PostgreSQL refuses root. In a user namespace without a mapping nobody is.
            command.add("unshare");
            command.add("-U");
        }
        command.add(programs.program(program).toString());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        try {
            int status = builder.start().waitFor();
            if (status != 0) {
                String printed = Files.readString(output).strip().replaceAll("\\s*\\R\\s*", "; ");
                throw new IOException("%s ended with %d: %s%s"
                        .formatted(
                                program,
                                status,
                                printed,
                                root && printed.contains("unshare")
                                        ? ". PostgreSQL cannot run as root here; start as another user, or set DATABASE_URL"
                                        : ""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(program + " was interrupted");
        }
    }
}
