package dev.orderflow.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Every setting of {@code application.properties}, with what overrides it. A JVM system property wins over an
 * environment variable, and that over the file; {@code kafka.brokers} is {@code KAFKA_BROKERS} in the environment.
 * {@link SettingLimits} says what each may be.
 */
public final class Settings {

    private static final Pattern OTHER = Pattern.compile("\\{\\{([a-z].*)}}");

    private final Properties values;

    private Settings(Properties values) {
        this.values = values;
    }

    public static Settings load() {
        return load(System.getenv(), System.getProperties());
    }

    static Settings load(Map<String, String> environment, Properties system) {
        var values = new Properties();
        try (InputStream in = Settings.class.getResourceAsStream("/application.properties")) {
            values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String key : values.stringPropertyNames()) {
            String variable = variable(key);
            if (environment.containsKey(variable)) {
                values.setProperty(key, environment.get(variable).strip());
            }
            if (system.containsKey(key)) {
                values.setProperty(key, system.getProperty(key).strip());
            }
        }
        return new Settings(values);
    }

    /** A sentence for each environment variable that looks like a setting's and is none; never with a value. */
    public static List<String> misspelt(Map<String, String> environment) {
        return MisspeltVariables.in(environment);
    }

    /** The environment variable that overrides a key: upper case, and an underscore for each dot and dash. */
    public static String variable(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** A copy in which {@code key} has another value, such as the port that an embedded broker got. */
    public Settings with(String key, String value) {
        var copy = asProperties();
        copy.setProperty(key, value);
        return new Settings(copy);
    }

    /** The value; empty when it is set to nothing. */
    public String text(String key) {
        String value = values.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("There is no setting '" + key + "'. See application.properties.");
        }
        return value.trim();
    }

    public boolean isSet(String key) {
        return !text(key).isEmpty();
    }

    /** A whole number, as its row of {@link SettingLimits} says. */
    public int number(String key) {
        return Integer.parseInt(choice(key));
    }

    public boolean flag(String key) {
        return Boolean.parseBoolean(choice(key));
    }

    /**
     * The value, where it is as its row of {@link SettingLimits} says.
     *
     * @throws IllegalArgumentException with a sentence where it is not
     */
    public String choice(String key) {
        String value = resolved(key);
        SettingLimits.row(key).fault(value).ifPresent(sentence -> {
            throw new IllegalArgumentException(sentence);
        });
        return value;
    }

    /** A setting may be another's value, as {@code camel.component.kafka.brokers} is that of {@code kafka.brokers}. */
    String resolved(String key) {
        return other(key).map(this::text).orElseGet(() -> text(key));
    }

    /** The setting whose value this one is. */
    Optional<String> other(String key) {
        var other = OTHER.matcher(text(key));
        return other.matches() ? Optional.of(other.group(1)).filter(values::containsKey) : Optional.empty();
    }

    /**
     * These settings, when all of them are well.
     *
     * @throws CannotStart with a sentence for each that is not
     */
    public Settings judged() {
        var faults = SettingDependencies.faults(this);
        if (faults.size() == 1) {
            throw new CannotStart(faults.get(0));
        }
        if (!faults.isEmpty()) {
            throw new CannotStart("%d settings are wrong.%n  %s"
                    .formatted(faults.size(), String.join(System.lineSeparator() + "  ", faults)));
        }
        return this;
    }

    /**
     * These settings, when those whose keys are or begin like {@code keys} are well: what a command that starts no
     * service uses of them.
     *
     * @throws CannotStart with a sentence for each that is not
     */
    public Settings judged(String... keys) {
        var faults = SettingLimits.rows().stream()
                .filter(row -> Arrays.stream(keys).anyMatch(key -> row.key().startsWith(key)))
                .flatMap(row -> row.fault(resolved(row.key())).stream())
                .toList();
        if (!faults.isEmpty()) {
            throw new CannotStart(String.join(" ", faults));
        }
        return this;
    }

    /** All of them, for Camel's property placeholders. */
    public Properties asProperties() {
        var copy = new Properties();
        copy.putAll(values);
        return copy;
    }
}
