package dev.orderflow.check;

import dev.orderflow.delivery.Deliveries;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Refuses a route that could lose or repeat an order. Camel asks about each route, at start and at each live edit, so a
 * mistake shows before an order meets it. Each rule is a row of docs/camel-facts.md.
 */
public final class HouseRules implements RoutePolicyFactory {

    private static final String FILE_END = ".camel.yaml";

    /** To be called before the routes are added. */
    public static void install(CamelContext context) {
        context.addRoutePolicyFactory(new HouseRules());
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode node) {
        var route = (RouteDefinition) node;
        var rules = new RouteRules(service(route, routeId));
        if (isOfAFile(route)) {
            rules.id(route);
        }
        String uri = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
        if (!uri.startsWith("kafka:")) {
            return null;
        }
        var endpoint = context.getEndpoint(uri, KafkaEndpoint.class);
        rules.consumer(endpoint.getConfiguration());
        rules.polling(endpoint);
        rules.words(route);
        rules.errors(context, route);
        rules.steps(context, route);
        return new Standing(context, routeId);
    }

    private static boolean isOfAFile(RouteDefinition route) {
        return location(route).endsWith(FILE_END);
    }

    private static String location(RouteDefinition route) {
        String location =
                route.getResource() == null ? null : route.getResource().getLocation();
        return location == null ? "" : location;
    }

    /** The file's name, since a service may have more than one route; else the route's id. */
    private static String service(RouteDefinition route, String routeId) {
        if (!isOfAFile(route)) {
            return routeId;
        }
        String location = location(route);
        String file = location.substring(Math.max(location.lastIndexOf('/'), location.lastIndexOf(':')) + 1);
        return file.substring(0, file.length() - FILE_END.length());
    }

    /** Keeps {@link Deliveries} true when a route stops, starts again or goes. */
    private static final class Standing extends RoutePolicySupport {

        private final Deliveries deliveries;
        private final String routeId;

        Standing(CamelContext context, String routeId) {
            this.deliveries = context.getRegistry().findSingleByType(Deliveries.class);
            this.routeId = routeId;
        }

        @Override
        public void onStart(org.apache.camel.Route route) {
            if (deliveries != null) {
                deliveries.started(routeId);
            }
        }

        @Override
        public void onStop(org.apache.camel.Route route) {
            if (deliveries != null) {
                deliveries.stopped(routeId);
            }
        }

        @Override
        public void onRemove(org.apache.camel.Route route) {
            if (deliveries != null) {
                deliveries.forget(routeId);
            }
        }
    }
}
