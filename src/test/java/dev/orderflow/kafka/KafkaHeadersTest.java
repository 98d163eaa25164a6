package dev.orderflow.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.component.kafka.KafkaConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Camel names its Kafka headers anew at times, and Camel K runs our classes on another Camel: one class knows the names. */
class KafkaHeadersTest {

    private static final String ONE = KafkaHeaders.class.getSimpleName() + ".java";

    /** {@code kafka.KEY}, as it was until Camel 4.18.2, and {@code CamelKafkaKey}; in any case of letters, as Camel looks. */
    private static final Pattern NAME = Pattern.compile("(?i:CamelKafka)[A-Z]|(?<![.\\w])kafka\\.[A-Z_]{3,}");

    static Stream<Field> constants() {
        return Arrays.stream(KafkaHeaders.class.getFields());
    }

    @ParameterizedTest
    @MethodSource("constants")
    void areThoseOfTheComponent(Field header) throws ReflectiveOperationException {
        assertThat(header.get(null))
                .isEqualTo(KafkaConstants.class.getField(header.getName()).get(null));
    }

    @Test
    void areAskedForInOneClass() {
        var others = files(".java", "src/main", "src/test", "bench/src", "fuzz/src")
                .filter(file -> !file.endsWith(ONE) && !file.endsWith(getClass().getSimpleName() + ".java"))
                .toList();

        assertThat(others)
                .hasSizeGreaterThan(100)
                .noneMatch(file -> text(file, UTF_8).contains("KafkaConstants"));
    }

    @Test
    void standInNoClassAsTheCompilerWouldCopyThem() {
        List<Path> classes = files(".class", "target/classes").toList();

        assertThat(classes).hasSizeGreaterThan(100).noneMatch(file -> hasName(file, ISO_8859_1));
    }

    @Test
    void standInNoFileThatIsReadAtRunTime() {
        var read = Stream.concat(files("", "src/main/resources"), files("", "routes-yaml"))
                .toList();

        assertThat(read).hasSizeGreaterThan(20).noneMatch(file -> hasName(file, UTF_8));
    }

    private static boolean hasName(Path file, Charset charset) {
        return NAME.matcher(text(file, charset)).find();
    }

    private static String text(Path file, Charset charset) {
        try {
            return Files.readString(file, charset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(String suffix, String... folders) {
        return Arrays.stream(folders).map(Path::of).flatMap(folder -> {
            try (var files = Files.walk(folder)) {
                return files
                        .filter(file ->
                                Files.isRegularFile(file) && file.toString().endsWith(suffix))
                        .toList()
                        .stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
