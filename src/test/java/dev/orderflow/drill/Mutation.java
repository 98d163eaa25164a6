package dev.orderflow.drill;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/** The product with one piece of its source in another form, for processes of a drill. */
record Mutation(String source, String was, String is) {

    /** System property of a drill's process: a folder of classes that come before the product's own. */
    static final String CLASSES = "drill.mutation";

    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "orderflow");

    /** @return the folder of its classes */
    Path compile(Path folder) {
        try {
            String text = Files.readString(SOURCES.resolve(source));
            if (text.indexOf(was) < 0 || text.indexOf(was) != text.lastIndexOf(was)) {
                throw new IllegalStateException("%s was to have once: %s".formatted(source, was));
            }
            var changed =
                    Files.createDirectories(folder).resolve(Path.of(source).getFileName());
            Files.writeString(changed, text.replace(was, is));
            var classes = Files.createDirectories(folder.resolve("classes"));
            var compiler = ToolProvider.getSystemJavaCompiler();
            try (var files = compiler.getStandardFileManager(null, null, null)) {
                var said = new StringWriter();
                boolean good = compiler.getTask(
                                said,
                                files,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-d",
                                        classes.toString(),
                                        "-cp",
                                        Path.of("target", "classes")
                                                + java.io.File.pathSeparator
                                                + System.getProperty("java.class.path")),
                                null,
                                files.getJavaFileObjects(changed))
                        .call();
                if (!good) {
                    throw new IllegalStateException(said.toString());
                }
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
