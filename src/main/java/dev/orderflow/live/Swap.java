package dev.orderflow.live;

import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.delivery.RouteVersion;
import dev.orderflow.delivery.RouteVersions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.Model;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes the routes of one file in the running context. The routes of other files do not notice. */
final class Swap {

    /** What a service's pause is made of. */
    record Gap(Duration stop, Duration start, Duration join) {

        @Override
        public String toString() {
            return "%d ms (stop %d, start %d, join %d)"
                    .formatted(
                            stop.plus(start).plus(join).toMillis(), stop.toMillis(), start.toMillis(), join.toMillis());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Swap.class);
    private static final long STOP_SECONDS = 10;
    private static final long LOOK_MS = 10;

    private final CamelContext context;
    private final Tables tables;
    private final RouteVersions versions;
    private final Duration joinMax;
    private final Duration patience;
    private RouteVersion trying = RouteVersion.proven("");

    /**
     * @param versions where the services' deliveries find the version that they work for
     * @param joinMax how long a service may take to get its partitions before its version counts as not started
     * @param patience of the trial of a new version
     */
    Swap(CamelContext context, Tables tables, RouteVersions versions, Duration joinMax, Duration patience) {
        this.context = context;
        this.tables = tables;
        this.versions = versions;
        this.joinMax = joinMax;
        this.patience = patience;
    }

    /**
     * Stops what runs, which finishes and commits its batches, and starts what comes in its place.
     *
     * @param trial whether the new version has to prove itself
     * @return how long the service read nothing, from the wish to stop to the first assignment
     * @throws NotStarted when the new version does not start; the old one runs again by then
     */
    Gap replace(Optional<RouteFile> old, RouteFile fresh, boolean trial) throws Exception {
        // Only adds what the old version does not need, so it may be there too early, but never too late.
        tables.make(fresh);
        try {
            long begin = System.nanoTime();
            if (old.isPresent()) {
                stop(old.get());
            }
            long stopped = System.nanoTime();
            trying = trial ? RouteVersion.onTrial(fresh.version(), patience) : RouteVersion.proven(fresh.version());
            load(fresh, trying);
            long loaded = System.nanoTime();
            join(fresh);
            return new Gap(
                    Duration.ofNanos(stopped - begin),
                    Duration.ofNanos(loaded - stopped),
                    Duration.ofNanos(System.nanoTime() - loaded));
        } catch (Exception e) {
            LOG.debug("{}: the failure behind the refusal", fresh.name(), e);
            stopQuietly(fresh);
            if (old.isPresent()) {
                bringBack(old.get());
            }
            throw new NotStarted(Words.cause(e), e);
        }
    }

    /** The version that was swapped in last. */
    RouteVersion trying() {
        return trying;
    }

    private void bringBack(RouteFile old) throws Gone {
        try {
            load(old, RouteVersion.proven(old.version()));
            join(old);
        } catch (Exception e) {
            stopQuietly(old);
            throw new Gone(Words.cause(e), e);
        }
    }

    /** Neither the new version nor the old one runs. */
    static final class Gone extends Exception {

        private static final long serialVersionUID = 1L;

        Gone(String sentence, Throwable cause) {
            super(sentence, cause);
        }
    }

    /** Ends a file's routes, those that read topics first, since they need the others to finish. */
    void stop(RouteFile file) throws Exception {
        Tree tree = Tree.of(file);
        List<String> ids = Check.routes(tree).stream()
                .map(Tree.Entry::text)
                .sorted(Comparator.comparing(id -> !readsTopics(id)))
                .toList();
        for (String id : ids) {
            if (readsTopics(id)) {
                // It waits for its batch. Camel's own way to stop a route looks for that once a second only.
                context.getRoute(id).getConsumer().stop();
            }
            context.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
        }
        for (String id : ids) {
            context.removeRoute(id);
        }
        forget(tree, ids);
    }

    private void stopQuietly(RouteFile file) {
        try {
            stop(file);
        } catch (Exception e) {
            LOG.debug("{}: its remains did not stop", file.name(), e);
            Tree tree = Tree.of(file);
            forget(tree, Check.routes(tree).stream().map(Tree.Entry::text).toList());
        }
    }

    /** Camel keeps the definition of what did not start, and would call the next version a duplicate of it. */
    private void forget(Tree tree, List<String> ids) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        model.getRouteDefinitions().removeIf(route -> ids.contains(route.getId()));
        Set<String> beans = beans(tree);
        model.getCustomBeans().removeIf(bean -> beans.contains(bean.getName()));
        beans.forEach(context.getRegistry()::unbind);
    }

    private static Set<String> beans(Tree tree) {
        return tree.all("name").stream()
                .filter(name -> name.parent().equals("beans"))
                .map(Tree.Entry::text)
                .collect(Collectors.toSet());
    }

    private void load(RouteFile file, RouteVersion version) throws Exception {
        versions.tell(file.service(), version);
        Loading.load(context, file.name(), file.yaml());
    }

    /** Returns when the routes run and, where they read topics, have their partitions. */
    private void join(RouteFile file) throws Exception {
        long until = System.nanoTime() + joinMax.toNanos();
        for (Tree.Entry route : Check.routes(Tree.of(file))) {
            String id = route.text();
            ServiceStatus status = context.getRouteController().getRouteStatus(id);
            if (status == null || !status.isStarted()) {
                throw new IllegalStateException("route '%s' did not start, it is %s".formatted(id, status));
            }
            while (readsTopics(id) && !hasJoined(id)) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException(
                            "route '%s' got no partition within %d ms".formatted(id, joinMax.toMillis()));
                }
                Thread.sleep(LOOK_MS);
            }
        }
    }

    private boolean readsTopics(String id) {
        var route = context.getRoute(id);
        return route != null && route.getEndpoint().getEndpointUri().startsWith("kafka:");
    }

    private boolean hasJoined(String id) {
        var deliveries = context.getRegistry().lookupByNameAndType("deliveries", Deliveries.class);
        return deliveries.states().stream()
                .filter(state -> state.route().equals(id))
                .anyMatch(state -> !state.state().equals(DeliveryState.JOINING));
    }
}
