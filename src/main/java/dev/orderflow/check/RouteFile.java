package dev.orderflow.check;

import dev.orderflow.credentials.Sha256;
import dev.orderflow.settings.Services;
import java.util.List;
import org.apache.camel.spi.Resource;

/**
 * One version of a service's routes: the YAML file and, where the service keeps something, the SQL file beside it.
 *
 * @param sql what makes the service's tables, and may be run again and again; empty where there is none
 */
public record RouteFile(String name, String yaml, String sql) {

    public static final String END = Services.END;

    /** How failures are handled. */
    static final String DELIVERY = "delivery" + END;

    private static final List<String> SHARED = List.of("beans" + END, DELIVERY);
    private static final int VERSION_CHARS = 12;

    /** What every service uses. It is made once, at start. */
    public boolean isShared() {
        return isShared(name);
    }

    public static boolean isShared(String name) {
        return SHARED.contains(name);
    }

    static boolean isDelivery(String name) {
        return name.equals(DELIVERY);
    }

    /** Whether Camel made something of this file, wherever it was loaded from. */
    public boolean made(Resource from) {
        String location = from == null ? null : from.getLocation();
        return location != null
                && location.substring(Math.max(location.lastIndexOf('/'), location.lastIndexOf(':')) + 1)
                        .equals(name);
    }

    /** {@code shipping} of {@code shipping.camel.yaml}. */
    public String service() {
        return service(name);
    }

    public static String service(String name) {
        return name.substring(0, name.length() - END.length());
    }

    public static String sqlName(String name) {
        return service(name) + ".sql";
    }

    /** Names the content, wherever and whenever it was written. */
    public String version() {
        return Sha256.hex(yaml + '\0' + sql, VERSION_CHARS);
    }
}
