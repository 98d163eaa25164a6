package dev.orderflow.check;

import dev.orderflow.telemetry.Causes;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * A Camel context of its own in which routes are built and nothing runs: no route starts, so no topic, database or
 * mail server is touched, and beans are made without their init methods. A rehearsal lets the routes start, with a stand
 * before every endpoint that leads out.
 */
public final class SandboxContext implements AutoCloseable {

    /** What would open ports or count, and what the running application loads. */
    private static final Pattern LEFT_OUT =
            Pattern.compile("camel\\.(management|metrics|health)\\..*|camel\\.main\\.(name|routesIncludePattern)");

    private static final Pattern LIFE = Pattern.compile("(?m)^(\\s+)(initMethod|destroyMethod):.*$");

    private final Main main = new Main();
    private final boolean starts;

    /** @param shared the files that every service uses */
    public SandboxContext(Properties settings, List<RouteFile> shared) throws Exception {
        this(settings, shared, false, HouseRules::install);
    }

    /**
     * @param starts whether routes start; then {@code before} must see to it that they reach nobody
     * @param before what the context needs before it has routes
     */
    public SandboxContext(Properties settings, List<RouteFile> shared, boolean starts, Consumer<CamelContext> before)
            throws Exception {
        this.starts = starts;
        var own = new Properties();
        settings.stringPropertyNames().stream()
                .filter(key -> !LEFT_OUT.matcher(key).matches())
                .forEach(key -> own.setProperty(key, settings.getProperty(key)));
        own.setProperty("camel.main.name", "aside");
        // Whatever a bean tries, it reaches nobody.
        own.setProperty("kafka.brokers", "127.0.0.1:1");
        // A producer that has no broker ends when its wait is over, and that would be most of a check's time.
        own.setProperty("camel.component.kafka.retryBackoffMs", "1");
        own.setProperty("database.url", "jdbc:postgresql://127.0.0.1:1/aside");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(own);
        main.configure().withAutoStartup(starts);
        main.configure().withRoutesIncludePattern("false");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport support) {
                var properties = (PropertiesComponent) support.getCamelContext().getPropertiesComponent();
                properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
                properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
                before.accept(support.getCamelContext());
            }
        });
        main.init();
        for (RouteFile file : shared) {
            try {
                load(file, lifeless(file));
            } catch (Exception e) {
                main.stop();
                throw new RouteFileRefused(file.name(), "it cannot be loaded: " + Causes.named(e));
            }
        }
    }

    private static String lifeless(RouteFile file) {
        return LIFE.matcher(file.yaml()).replaceAll("$1# $2");
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    private void load(RouteFile file, String yaml) throws Exception {
        YamlLoading.load(context(), file.name(), yaml);
    }

    /** @throws RouteFileRefused when the file's beans or routes cannot be made, or break a house rule */
    public void build(RouteFile file, YamlTree tree) {
        try {
            load(file, starts ? file.yaml() : lifeless(file));
            main.start();
        } catch (Exception e) {
            throw refused(tree, e);
        }
    }

    private static RouteFileRefused refused(YamlTree tree, Exception failure) {
        String sentence = Causes.named(failure);
        String route = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToCreateRouteException ofRoute) {
                route = ofRoute.getRouteId();
            }
        }
        return tree.refuse(SentenceLine.of(tree, route, sentence), "%s", sentence);
    }

    @Override
    public void close() {
        main.stop();
    }
}
