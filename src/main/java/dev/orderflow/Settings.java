package dev.orderflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Every setting of {@code application.properties}, with what overrides it. A JVM system property wins over an
 * environment variable, and that over the file; {@code kafka.brokers} is {@code KAFKA_BROKERS} in the environment.
 */
public final class Settings {

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
                values.setProperty(key, environment.get(variable));
            }
            if (system.containsKey(key)) {
                values.setProperty(key, system.getProperty(key));
            }
        }
        return new Settings(values);
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

    /** The value, trimmed; empty when it is set to nothing. */
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

    /** A whole number between {@code min} and {@code max}, both included. */
    public int number(String key, int min, int max) {
        String value = text(key);
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, with the limits
        }
        throw new IllegalArgumentException(
                "Setting '%s' must be a whole number from %d to %d, but is '%s'. Set it, or %s in the environment."
                        .formatted(key, min, max, value, variable(key)));
    }

    public boolean flag(String key) {
        String value = text(key);
        if (value.equals("true") || value.equals("false")) {
            return value.equals("true");
        }
        throw new IllegalArgumentException("Setting '%s' must be true or false, but is '%s'.".formatted(key, value));
    }

    /** All of them, for Camel's property placeholders. */
    public Properties asProperties() {
        var copy = new Properties();
        copy.putAll(values);
        return copy;
    }
}
