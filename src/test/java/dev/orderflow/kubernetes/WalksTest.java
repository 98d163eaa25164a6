package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README tells a person to do is what the folders are, and the build makes. */
class WalksTest {

    private static final String README = Assembly.read(Kustomize.FOLDER.resolve("README.md"));

    /** Who brings the kinds of an API group. */
    private static final Map<String, String> OPERATORS = Map.of(
            "kafka.strimzi.io", "Strimzi",
            "keda.sh", "KEDA",
            "camel.apache.org", "Camel K",
            "monitoring.coreos.com", "Prometheus operator");

    /** Of Kubernetes itself. */
    private static final Set<String> OWN = Set.of("v1", "apps", "policy", "autoscaling", "networking.k8s.io");

    private static final Map<String, String> MINIMA = Pattern.compile(
                    "(?m)^\\| ([A-Z][\\w ]+) \\| (\\d+(?:\\.\\d+)+) \\| .+\\|$")
            .matcher(README)
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));

    @Test
    void everyOperatorHasAMinimumVersion() {
        var groups = new TreeSet<String>();
        Kustomize.RENDERINGS.forEach(rendering -> Kustomize.render(rendering)
                .forEach(it -> groups.add(name(it, "/apiVersion").split("/")[0])));
        groups.removeAll(OWN);
        assertThat(OPERATORS).containsOnlyKeys(groups);
        assertThat(MINIMA).containsKeys(OPERATORS.values().toArray(String[]::new));
    }

    /** From there on the kubelet waits before it stops a pod; an older one refuses the field. */
    @Test
    void kubernetesKnowsThePauseBeforeTheStop() {
        assertThat(MINIMA.get("Kubernetes")).satisfies(atLeast("1.30"));
    }

    /** The first without CVE-2026-80351 that knows the ports of probes and of Services. */
    @Test
    void camelKIsMended() {
        assertThat(MINIMA.get("Camel K")).satisfies(atLeast("2.10.2"));
    }

    @Test
    void strimziIsTheOldestThatTakesOurKafka() {
        assertThat(BrokersTest.operators()).anyMatch(it -> it.startsWith(MINIMA.get("Strimzi") + "."));
        assertThat(BrokersTest.operators()).allSatisfy(atLeast(MINIMA.get("Strimzi")));
    }

    @Test
    void everyFolderThatIsAppliedIsThere() {
        var applied = found("kubectl apply -k kubernetes/(\\S+)", 1);
        assertThat(applied)
                .contains("overlays/dev", "overlays/prod", "camel-k/image", "camel-k/sources")
                .isSubsetOf(Kustomize.RENDERINGS);
    }

    /** Nobody's repository stands in the build, so that a walk has to name one. */
    @Test
    void publishingNamesARepository() {
        assertThat(found("\\./mvnw deploy .*", 0))
                .isNotEmpty()
                .allMatch(it -> it.matches(".* -DaltDeploymentRepository=[\\w-]+::https://\\S+"));
    }

    private static List<String> found(String pattern, int group) {
        return Pattern.compile(pattern)
                .matcher(README)
                .results()
                .map((MatchResult it) -> it.group(group))
                .toList();
    }

    private static java.util.function.Consumer<String> atLeast(String least) {
        return version ->
                assertThat(version).usingComparator(WalksTest::compared).isGreaterThanOrEqualTo(least);
    }

    private static int compared(String one, String other) {
        var byNumber = Comparator.comparing(
                (String it) -> Arrays.stream(it.split("\\."))
                        .mapToInt(Integer::parseInt)
                        .toArray(),
                Arrays::compare);
        return byNumber.compare(one, other);
    }
}
