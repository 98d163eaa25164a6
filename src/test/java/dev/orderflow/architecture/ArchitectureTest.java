package dev.orderflow.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.junit.jupiter.api.Test;

/** The walls of the house. Who wants an arrow or a public type that is not here writes it down here, and says why. */
class ArchitectureTest {

    private static final String ROOT = "dev.orderflow";
    private static final Path SOURCES = Path.of("src/main/java/dev/orderflow");

    /** From the top to the bottom. A package may use those of the lines below its own, and none of its own line. */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of("app"),
            Set.of("cli", "live", "local"),
            Set.of("rehearsal"),
            Set.of(
                    "audit",
                    "check",
                    "intake",
                    "inventory",
                    "monitoring",
                    "notification",
                    "operations",
                    "redrive",
                    "shipping",
                    "status"),
            Set.of("delivery", "http"),
            Set.of("database", "events", "kafka"),
            Set.of("settings"),
            Set.of("credentials", "telemetry"));

    /** At most one for each use of a package, but for what Camel finds by itself: a bean, a check. */
    private static final Set<String> INTERNALS = new TreeSet<>(Set.of(
            "delivery.ConsumerInternals",
            "delivery.PartitionAssignment",
            "live.RefusalsSeen",
            "monitoring.ReadyCheck"));

    private static final DescribedPredicate<JavaClass> IS_INTERNAL = JavaClass.Predicates.resideInAnyPackage(
                    "org.apache.kafka..internals..",
                    "org.apache.camel.impl..",
                    "org.apache.camel.component.kafka.consumer..")
            .or(JavaClass.Predicates.equivalentTo(StaleMemberEpochException.class));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPath(Path.of("target/classes"));

    @Test
    void noPackagesUseEachOtherInACircle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void arrowsGoDownOnly() {
        var layers = new TreeMap<String, Integer>();
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            for (String name : LAYERS.get(layer)) {
                layers.put(name, layer);
            }
        }
        assertThat(layers.keySet()).isEqualTo(packages());
        var wrong = new TreeSet<String>();
        for (JavaClass one : CLASSES) {
            String from = packageOf(one);
            for (var dependency : one.getDirectDependenciesFromSelf()) {
                String to = packageOf(dependency.getTargetClass());
                if (!to.isEmpty() && !to.equals(from) && layers.get(to) <= layers.get(from)) {
                    wrong.add("%s uses %s"
                            .formatted(
                                    one.getName(), dependency.getTargetClass().getName()));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Camel K's runtime has no Vert.x server of ours and no camel-main. */
    @Test
    void whatRunsOnCamelKNeedsNoServerAndNoMain() {
        nobodyBut("app", "check", "live", "monitoring", "redrive")
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel.main..")
                .check(CLASSES);
        nobodyBut("app", "http", "intake", "monitoring")
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..")
                .check(CLASSES);
    }

    /** Camel's models may change with each version of it; a REST route builder has no other way. */
    @Test
    void fewKnowCamelsModels() {
        nobodyBut("check", "live")
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.camel.dsl.yaml..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".check..", ROOT + ".live..")
                .and()
                .haveSimpleNameNotEndingWith("Routes")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel.model..")
                .check(CLASSES);
    }

    /** What is no API may change with each version: it is used in few small classes, which say what would end the need. */
    @Test
    void fewClassesKnowCamelsAndKafkasInternals() throws IOException {
        var using = new TreeSet<String>();
        for (JavaClass one : CLASSES) {
            if (one.getDirectDependenciesFromSelf().stream().anyMatch(to -> IS_INTERNAL.test(to.getTargetClass()))) {
                using.add(one.getName().substring(ROOT.length() + 1).replaceAll("\\$.*", ""));
            }
        }
        assertThat(using).isEqualTo(INTERNALS);
        for (String name : INTERNALS) {
            assertThat(Files.readString(SOURCES.resolve(name.replace('.', '/') + ".java")))
                    .as(name)
                    .containsPattern("(CAMEL|KAFKA)-\\d{4,5}|no\\s+(\\*\\s+)?issue\\s+(\\*\\s+)?yet");
        }
    }

    /** Whose fault a failed mail is, and all else of mail, is the notification's alone; a rehearsal only shows what would be sent. */
    @Test
    void onlyTheNotificationKnowsOfMail() {
        nobodyBut("notification", "rehearsal")
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..")
                .check(CLASSES);
    }

    @Test
    void onlyTheLocalRunHasABrokerInIt() {
        nobodyBut("local")
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..")
                .check(CLASSES);
    }

    /** Former names of beans are no names any more. */
    @Test
    void oneSimpleNameHasOneMeaning() {
        var named = new TreeMap<String, Set<String>>();
        for (JavaClass one : CLASSES) {
            if (!one.isAnonymousClass()
                    && !one.getSimpleName().equals("package-info")
                    && !one.isAnnotatedWith(Deprecated.class)) {
                named.computeIfAbsent(one.getSimpleName(), name -> new TreeSet<>())
                        .add(one.getName());
            }
        }
        named.values().removeIf(names -> names.size() == 1);
        assertThat(named).isEmpty();
    }

    /** What other packages may use; each line is a decision. */
    @Test
    void publicTypesAreThoseOfTheList() throws IOException {
        var found = new TreeMap<String, Set<String>>();
        for (JavaClass one : CLASSES) {
            if (one.getModifiers().contains(JavaModifier.PUBLIC)
                    && one.isTopLevelClass()
                    && !one.getSimpleName().equals("package-info")) {
                found.computeIfAbsent(packageOf(one), name -> new TreeSet<>()).add(one.getSimpleName());
            }
        }
        String written = found.entrySet().stream()
                .map(line -> line.getKey() + ": " + String.join(", ", line.getValue()) + "\n")
                .collect(Collectors.joining());
        assertThat(written).isEqualTo(Files.readString(Path.of("src/test/resources/public-types.txt")));
    }

    /** The page says the first sentence of each package's own words, and leaves none out. */
    @Test
    void theArchitecturePageTellsEachPackagesDuty() throws IOException {
        String page = Files.readString(Path.of("docs/architecture.md"));
        for (String name : packages()) {
            String text = Files.readString(SOURCES.resolve(name).resolve("package-info.java"));
            String duty = text.substring(text.indexOf("/**") + 3, text.indexOf("*/"))
                    .replaceAll("\\s*\\n \\*\\s*", " ")
                    .replaceAll("\\{@code ([^}]*)}", "`$1`")
                    .strip();
            assertThat(page).contains("| `%s` | %s |".formatted(name, duty));
        }
    }

    private static ClassesShould nobodyBut(String... names) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(Arrays.stream(names)
                        .map(name -> ROOT + "." + name + "..")
                        .toArray(String[]::new))
                .should();
    }

    private static Set<String> packages() {
        try (Stream<Path> folders = Files.list(SOURCES)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String packageOf(JavaClass one) {
        String name = one.getPackageName();
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : "";
    }
}
