package dev.orderflow.drill;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/** The product with one piece of its source in another form, for processes of a drill that must notice. */
enum Mutation {
    /** What Camel's component does by default with an exception of a poll. */
    ONE_PAST_UNREADABLE(
            "delivery/UnreadablePartitions.java",
            "        client.pause(Set.of(partition));\n        held.add(partition);\n        deliveries\n",
            "        client.assignment().forEach(one -> client.seek(one, client.position(one) + 1));\n"
                    + "        if (at < 0) deliveries\n"),
    READ_UNCOMMITTED(
            "delivery/ReconnectingConsumer.java",
            "        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, \"none\");",
            "        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, \"none\");\n"
                    + "        own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, \"read_uncommitted\");"),
    FOREIGN_COMMIT_UNNOTICED(
            "delivery/Gaps.java",
            "if (insert(gap, null) > 0) {",
            "if (gap.kind() != Gap.Kind.FOREIGN_COMMIT && insert(gap, null) > 0) {"),
    FOREIGN_MEMBER_UNNOTICED("monitoring/GroupWatch.java", "        lookAtMembers(group);\n", ""),
    RETENTION_UNNOTICED(
            "delivery/GroupPositions.java",
            "            gaps.note(new Gap(service, partition, from, begin, from < begin ? Gap.Kind.GONE : Gap.Kind.WENT_BACK));\n",
            ""),
    TROUBLE_UNTOLD(
            "delivery/PollTrouble.java",
            "        deliveries.began(service, key, DeliveryState.WAITING, since, sentence);\n",
            ""),
    SESSIONS_STAY_READ_ONLY(
            "database/ReadOnlySessions.java",
            "if (!SqlErrors.READ_ONLY.equals(failure.getSQLState())) {",
            "if (failure != null) {"),
    TIMEOUT_TAKEN_FOR_POISON("database/SqlErrors.java", "\"53\", \"57\", \"58\"", "\"53\", \"58\""),
    NEARLY_OURS_PASSED(
            "delivery/RecordReader.java",
            "        if (hears.contains(CloudEvents.likelyType(wireType))) {",
            "        if (wireType.isEmpty()) {");

    /** System property of a drill's process: a folder of classes that come before the product's own. */
    static final String CLASSES = "drill.mutation";

    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "orderflow");

    private final String source;
    private final String was;
    private final String is;

    Mutation(String source, String was, String is) {
        this.source = source;
        this.was = was;
        this.is = is;
    }

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
