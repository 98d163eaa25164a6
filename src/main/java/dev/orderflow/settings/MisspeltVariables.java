package dev.orderflow.settings;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Environment variables that look like a setting's and are none, so that whoever set them learns that nothing came of it. */
final class MisspeltVariables {

    /** What Kubernetes sets for each Service, such as one named orderflow; the last kind has an address as its value. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".+_SERVICE_(HOST|PORT(_.+)?)|.+_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    /** Anybody's variables begin so; only a near miss of ours is told. */
    private static final Set<String> COMMON = Set.of("LOG");

    /** Shorter names are near to too many. */
    private static final int NEAR_LENGTH_MIN = 10;

    private MisspeltVariables() {}

    /** A sentence for each, sorted; never with a value. */
    static List<String> in(Map<String, String> environment) {
        var variables = SettingLimits.rows().stream()
                .collect(Collectors.toMap(row -> Settings.variable(row.key()), Setting::key));
        var beginnings =
                variables.values().stream().map(MisspeltVariables::beginning).collect(Collectors.toSet());
        return new TreeMap<>(environment)
                .entrySet().stream()
                        .filter(entry -> !variables.containsKey(entry.getKey()) && !isServiceLink(entry))
                        .flatMap(entry -> sentence(entry.getKey(), variables.keySet(), beginnings).stream())
                        .toList();
    }

    /** {@code ORDER_EVENTS} of {@code order-events.topic}. */
    private static String beginning(String key) {
        return Settings.variable(key.substring(0, key.indexOf('.')));
    }

    private static boolean isServiceLink(Map.Entry<String, String> variable) {
        return SERVICE_LINK.matcher(variable.getKey()).matches()
                || variable.getKey().endsWith("_PORT")
                        && SERVICE_ADDRESS.matcher(variable.getValue()).matches();
    }

    private static Optional<String> sentence(String name, Collection<String> variables, Set<String> beginnings) {
        Optional<String> near = near(name, variables);
        boolean ours = beginnings.stream().anyMatch(beginning -> name.startsWith(beginning + "_"));
        boolean common = COMMON.stream().anyMatch(beginning -> name.startsWith(beginning + "_"));
        boolean told = ours && !common || near.isPresent() && (common || name.length() >= NEAR_LENGTH_MIN);
        return told
                ? Optional.of("%s is set, but is no setting and changes nothing%s"
                        .formatted(
                                name,
                                near.map(one -> "; did you mean " + one + "?")
                                        .orElse("; application.properties has them all")))
                : Optional.empty();
    }

    /** Compared without underscores, since those of our names stand only where the setting has a dot or a dash. */
    private static Optional<String> near(String name, Collection<String> variables) {
        var plain = variables.stream().collect(Collectors.toMap(MisspeltVariables::plain, variable -> variable));
        return NearMiss.of(plain(name), plain.keySet()).map(plain::get);
    }

    private static String plain(String variable) {
        return variable.replace("_", "");
    }
}
