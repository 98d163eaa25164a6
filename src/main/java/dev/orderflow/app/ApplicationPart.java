package dev.orderflow.app;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** A package's share of the application, joined in {@link Application} before Camel starts. */
@FunctionalInterface
interface ApplicationPart {

    /** Adds what the package brings: beans, route builders, services. A {@link CannotStart} ends the start. */
    void join(Main camel, Settings settings) throws Exception;

    /** A part that needs Camel's context, as it is before the first bean and the first route are made. */
    static ApplicationPart onContext(OnContext part) {
        return (camel, settings) -> camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                told(part, main.getCamelContext(), settings);
            }
        });
    }

    private static void told(OnContext part, CamelContext context, Settings settings) {
        try {
            part.join(context, settings);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** See {@link #onContext}. */
    @FunctionalInterface
    interface OnContext {

        void join(CamelContext context, Settings settings) throws Exception;
    }
}
