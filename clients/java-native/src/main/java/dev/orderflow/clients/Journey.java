package dev.orderflow.clients;

import dev.orderflow.clients.api.AuditApi;
import dev.orderflow.clients.api.DeadLettersApi;
import dev.orderflow.clients.api.InventoryApi;
import dev.orderflow.clients.api.OperationApi;
import dev.orderflow.clients.api.OrdersApi;
import dev.orderflow.clients.model.Audit;
import dev.orderflow.clients.model.OnHand;
import dev.orderflow.clients.model.OperationCommand;
import dev.orderflow.clients.model.Order;
import dev.orderflow.clients.model.OrderCustomer;
import dev.orderflow.clients.model.OrderLinesInner;
import dev.orderflow.clients.model.OrderShipTo;
import dev.orderflow.clients.model.OrderState;
import dev.orderflow.clients.model.Redrive;
import dev.orderflow.clients.model.RedriveFilter;
import dev.orderflow.clients.model.Status;
import java.io.File;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The journey of an order by a generated client, at the address that is its argument; ends with 1 where an answer is not as it was promised. */
public final class Journey {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Journey() {}

    public static void main(String[] arguments) throws Exception {
        var client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        var orders = new OrdersApi(client);
        var inventory = new InventoryApi(client);

        String sku = "generated-" + UUID.randomUUID().toString().substring(0, 8);
        equal(5, inventory.setStock(sku, new OnHand().onHand(5)).getOnHand());
        String key = UUID.randomUUID().toString();
        UUID id = orders.placeOrder(order(sku, 2), key, null).getOrderId();
        equal(id, orders.placeOrder(order(sku, 2), key, null).getOrderId());

        Instant end = Instant.now().plus(LIMIT);
        OrderState state = orders.readOrder(id, "wait=10", null);
        while (state.getStatus() != Status.COMPLETED) {
            before(end, "the order is " + state.getStatus());
            state = orders.readOrder(id, "wait=10", null);
        }
        equal(4, state.getTimeline().size());
        equal(sku, state.getLines().get(0).getSku());
        equal(2, inventory.readStock(sku).getReserved());
        equal(true, orders.listOrders(Status.COMPLETED, "c-generated", 10, null).getOrders().stream()
                .anyMatch(line -> line.getOrderId().equals(id)));

        try {
            orders.placeOrder(order(sku, 0), null, null);
            throw new IllegalStateException("An order of nothing was taken.");
        } catch (ApiException e) {
            equal(422, e.getCode());
            equal(true, e.getResponseBody().contains("problems/invalid-order"));
        }

        // A bulk goes out as text and comes back as a file, a line each.
        File results = orders.placeOrders(client.getObjectMapper().writeValueAsString(order(sku, 1)) + '\n', null);
        equal(true, Files.readString(results.toPath()).contains("\"accepted\""));

        var deadLetters = new DeadLettersApi(client);
        equal(true, deadLetters.listDeadLetters(null, null, null, null, null, 10, null).getDeadLetters() != null);
        equal(true, deadLetters
                .redrive(new Redrive().filter(new RedriveFilter().service("shipping")).dryRun(true))
                .getDryRun());
        var operation = new OperationApi(client);
        equal(true, operation.listRoutes().getRoutes().size() >= 4);
        equal(true, operation
                .operate(new OperationCommand()
                        .operation(OperationCommand.OperationEnum.PAUSE)
                        .service("shipping")
                        .dryRun(true))
                .getDryRun());

        // Each call waits for the report a while, and then says how far it is.
        var auditing = new AuditApi(client);
        end = Instant.now().plus(LIMIT);
        Audit audit = auditing.audit();
        while (audit.getState() == Audit.StateEnum.RUNNING) {
            before(end, "the audit is at " + audit.getPart());
            audit = auditing.audit();
        }
        equal(true, audit.getServices().size() >= 4);
        System.out.println("clients: java native: the journey of order " + id + " is as the contract says");
    }

    private static void before(Instant end, String otherwise) {
        if (Instant.now().isAfter(end)) {
            throw new IllegalStateException("After " + LIMIT + " " + otherwise);
        }
    }

    private static Order order(String sku, int quantity) {
        return new Order()
                .customer(new OrderCustomer().id("c-generated").email("ada@example.com"))
                .shipTo(new OrderShipTo()
                        .name("Ada Lovelace")
                        .street("12 St James's Square")
                        .city("London")
                        .postalCode("SW1Y 4JH")
                        .country("GB"))
                .currency("GBP")
                .addLinesItem(new OrderLinesInner().sku(sku).quantity(quantity).unitPrice("12.50"));
    }

    private static void equal(Object wanted, Object found) {
        if (!wanted.equals(found)) {
            throw new IllegalStateException("wanted " + wanted + ", found " + found);
        }
    }
}
