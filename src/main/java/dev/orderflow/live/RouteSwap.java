package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.YamlLoading;
import dev.orderflow.check.YamlTree;
import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.delivery.RouteVersionTrial;
import dev.orderflow.delivery.RouteVersions;
import dev.orderflow.telemetry.Causes;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.Model;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes the routes of one file in the running context. The routes of other files do not notice. */
final class RouteSwap {

    /** What a service's pause is made of. */
    record Interruption(Duration stop, Duration start, Duration join) {

        @Override
        public String toString() {
            return "%d ms (stop %d, start %d, join %d)"
                    .formatted(
                            stop.plus(start).plus(join).toMillis(), stop.toMillis(), start.toMillis(), join.toMillis());
        }
    }

    /** A file's routes, and the version that their deliveries tell. */
    record Runs(RouteFile file, RouteVersionTrial version) {}

    private static final Logger LOG = LoggerFactory.getLogger(RouteSwap.class);
    private static final long STOP_SECONDS = 10;
    private static final long LOOK_MS = 10;

    private final CamelContext context;
    private final ServiceSchema tables;
    private final RouteVersions versions;
    private final Duration joinMax;

    /**
     * @param versions where the services' deliveries find the version that they work for
     * @param joinMax how long a service may take to get its partitions before its version counts as not started
     */
    RouteSwap(CamelContext context, ServiceSchema tables, RouteVersions versions, Duration joinMax) {
        this.context = context;
        this.tables = tables;
        this.versions = versions;
        this.joinMax = joinMax;
    }

    /**
     * Stops what runs, which finishes and commits its batches, and starts what comes in its place.
     *
     * @return how long the service read nothing, from the wish to stop to the first assignment
     * @throws NotStarted when the new version does not start; the old one runs again by then
     */
    Interruption replace(Optional<Runs> old, Runs now) throws Exception {
        RouteFile fresh = now.file();
        // Only adds what the old version does not need, so it may be there too early, but never too late.
        tables.make(fresh);
        try {
            long begin = System.nanoTime();
            if (old.isPresent()) {
                stop(old.get().file());
            }
            long stopped = System.nanoTime();
            load(now);
            long loaded = System.nanoTime();
            join(fresh);
            return new Interruption(
                    Duration.ofNanos(stopped - begin),
                    Duration.ofNanos(loaded - stopped),
                    Duration.ofNanos(System.nanoTime() - loaded));
        } catch (Exception e) {
            LOG.debug("{}: the failure behind the refusal", fresh.name(), e);
            stopQuietly(fresh);
            if (old.isPresent()) {
                bringBack(old.get());
            }
            throw new NotStarted(Causes.named(e), e);
        }
    }

    private void bringBack(Runs old) throws Gone {
        try {
            load(old);
            join(old.file());
        } catch (Exception e) {
            stopQuietly(old.file());
            throw new Gone(Causes.named(e), e);
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
        List<String> ids = routes(file).stream()
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
        forget(file);
    }

    /** The ids of the file's routes, as Camel has them: what it made of the file, whatever stands in the text. */
    List<String> routes(RouteFile file) {
        return context.getRoutes().stream()
                .filter(route -> file.made(route.getSourceResource()))
                .map(Route::getId)
                .toList();
    }

    /** Ids of the routes that no file has. */
    Set<String> routesOfNone(Collection<RouteFile> files) {
        return context.getRoutes().stream()
                .filter(route -> files.stream().noneMatch(file -> file.made(route.getSourceResource())))
                .map(Route::getId)
                .collect(Collectors.toSet());
    }

    private void stopQuietly(RouteFile file) {
        try {
            stop(file);
        } catch (Exception e) {
            LOG.debug("{}: its remains did not stop", file.name(), e);
            forget(file);
        }
    }

    /** Camel keeps the definition of what did not start, and would call the next version a duplicate of it. */
    private void forget(RouteFile file) {
        Model model = model();
        model.getRouteDefinitions().removeIf(route -> file.made(route.getResource()));
        Set<String> beans = beans(YamlTree.of(file));
        model.getCustomBeans().removeIf(bean -> beans.contains(bean.getName()));
        beans.forEach(context.getRegistry()::unbind);
    }

    private Model model() {
        return context.getCamelContextExtension().getContextPlugin(Model.class);
    }

    private static Set<String> beans(YamlTree tree) {
        return tree.all("name").stream()
                .filter(name -> name.parent().equals("beans"))
                .map(YamlTree.Entry::text)
                .collect(Collectors.toSet());
    }

    private void load(Runs runs) throws Exception {
        versions.tell(runs.file().service(), runs.version());
        YamlLoading.load(context, runs.file().name(), runs.file().yaml());
    }

    /** Returns when the routes run and, where they read topics, have their partitions. */
    private void join(RouteFile file) throws Exception {
        long until = System.nanoTime() + joinMax.toNanos();
        for (var route : List.copyOf(model().getRouteDefinitions())) {
            if (!file.made(route.getResource())) {
                continue;
            }
            String id = route.getId();
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
