package dev.orderflow.monitoring;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The figures of a process, as Prometheus reads them. In the context's registry before the first route is made, so that
 * each part finds it there; a live edit sets no counter back, since the registry outlives every route.
 */
final class PrometheusMeters extends ServiceSupport {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** To be called before the first bean and the first route are made. */
    static void bind(CamelContext context) throws Exception {
        var meters = new PrometheusMeters();
        List<MeterBinder> ofTheJvm = List.of(
                new JvmMemoryMetrics(),
                meters.collections,
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new UptimeMetrics(),
                new FileDescriptorMetrics());
        ofTheJvm.forEach(binder -> binder.bindTo(meters.registry));
        context.getRegistry().bind("meters", meters.registry);
        context.addService(meters, true, true);
    }

    static PrometheusMeterRegistry of(CamelContext context) {
        return context.getRegistry().findSingleByType(PrometheusMeterRegistry.class);
    }

    @Override
    protected void doShutdown() {
        collections.close();
        registry.close();
    }
}
