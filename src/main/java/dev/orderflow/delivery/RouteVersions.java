package dev.orderflow.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/** Which version of its routes each service runs; told before those routes are made. Safe for use by several threads. */
public final class RouteVersions {

    /** Its name in the registry of a context. */
    public static final String NAME = "routeVersions";

    private final Map<String, RouteVersionTrial> services = new ConcurrentHashMap<>();

    public void tell(String service, RouteVersionTrial version) {
        services.put(service, version);
    }

    /** One without a name where nobody told. */
    static RouteVersionTrial of(CamelContext context, String service) {
        var versions = context.getRegistry().lookupByNameAndType(NAME, RouteVersions.class);
        var known = versions == null ? null : versions.services.get(service);
        return known == null ? RouteVersionTrial.proven("") : known;
    }
}
