package dev.orderflow.inventory;

import dev.orderflow.http.BlockingStep;
import dev.orderflow.http.JsonBody;
import dev.orderflow.http.ProblemException;
import dev.orderflow.settings.Settings;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;

/** What clients ask about stock, and how they set it. Needs the bean {@code database}. */
public final class InventoryRoutes extends RouteBuilder {

    private final Settings settings;

    public InventoryRoutes(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void configure() throws Exception {
        ExecutorService pool = BlockingStep.pool(getContext(), settings);
        var calls = new StockCalls(() -> new StockLevels(database()));

        var level = new JsonBody<>(StockLevel.class, "{\"onHand\": 12}", (read, none) -> {}, StockCalls::invalid);

        onException(ProblemException.class).handled(true).process(ProblemException::answer);
        restConfiguration().component("platform-http").bindingMode(RestBindingMode.off);
        rest("/inventory")
                .get()
                .id("get-inventory")
                .description("List stock, by sku")
                .to("direct:list-stock")
                .get("/{sku}")
                .id("get-stock")
                .description("Read the stock of one sku")
                .to("direct:read-stock")
                .put("/{sku}")
                .id("put-stock")
                .description("Set what is on hand of one sku")
                .to("direct:set-stock");

        from("direct:list-stock")
                .routeId("list-stock")
                .description("Answer with a page of stock, by sku")
                .process(new BlockingStep(pool, calls::list));
        from("direct:read-stock")
                .routeId("read-stock")
                .description("Answer with the stock of one sku")
                .process(new BlockingStep(pool, calls::find));
        from("direct:set-stock")
                .routeId("set-stock")
                .description("Set what is on hand of one sku, never below what is reserved")
                .unmarshal(level)
                .process(new BlockingStep(pool, calls::set));
    }

    private DataSource database() {
        return getContext().getRegistry().lookupByNameAndType("database", DataSource.class);
    }
}
