package dev.orderflow.clients;

import dev.orderflow.clients.api.AuditApi;
import dev.orderflow.clients.api.DeadLettersApi;
import dev.orderflow.clients.api.InventoryApi;
import dev.orderflow.clients.api.OperationApi;
import dev.orderflow.clients.api.OrdersApi;
import dev.orderflow.clients.model.OnHand;
import dev.orderflow.clients.model.Order;
import dev.orderflow.clients.model.OrderCustomer;
import dev.orderflow.clients.model.OrderLinesInner;
import dev.orderflow.clients.model.OrderShipTo;
import dev.orderflow.clients.model.OrderState;
import dev.orderflow.clients.model.Status;
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

        OrderState state = orders.readOrder(id, "wait=10", null);
        for (Instant end = Instant.now().plus(LIMIT); state.getStatus() != Status.COMPLETED; ) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("The order is not completed, but " + state.getStatus());
            }
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
        }
        equal(true, new DeadLettersApi(client).listDeadLetters(null, null, null, null, null, 10, null).getDeadLetters() != null);
        equal(true, new OperationApi(client).listRoutes().getRoutes().size() >= 4);
        equal(true, new AuditApi(client).audit() != null);
        System.out.println("clients: java native: the journey of order " + id + " is as the contract says");
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
