package dev.orderflow.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The three files of docs/add-a-service.md, as written: its cases, played against its service. */
class AddAServiceIT {

    @TempDir
    static Path temp;

    @TestFactory
    Stream<DynamicTest> loyaltyDoesWhatItsCasesSay() throws IOException {
        for (String shared : List.of("beans.camel.yaml", "delivery.camel.yaml")) {
            Files.copy(Path.of("routes-yaml", shared), temp.resolve(shared));
        }
        var files = Pattern.compile("(?s)```\\w+ (loyalty\\S+)\\n(.*?)```")
                .matcher(Files.readString(Path.of("docs/add-a-service.md")));
        while (files.find()) {
            Files.writeString(temp.resolve(files.group(1)), files.group(2));
        }
        var cases = Case.read("loyalty.cases.yaml", Files.readString(temp.resolve("loyalty.cases.yaml")));
        assertThat(cases).isNotEmpty();
        var stage = new Stage("loyalty", temp);
        return cases.stream()
                .map(one -> dynamicTest(one.name(), () -> stage.play(one)))
                .onClose(stage::close);
    }
}
