package dev.orderflow.clients

import dev.orderflow.clients.api.AuditApi
import dev.orderflow.clients.api.DeadLettersApi
import dev.orderflow.clients.api.InventoryApi
import dev.orderflow.clients.api.OperationApi
import dev.orderflow.clients.api.OrdersApi
import dev.orderflow.clients.infrastructure.ClientError
import dev.orderflow.clients.infrastructure.ClientException
import dev.orderflow.clients.model.Audit
import dev.orderflow.clients.model.OnHand
import dev.orderflow.clients.model.OperationCommand
import dev.orderflow.clients.model.Order
import dev.orderflow.clients.model.OrderCustomer
import dev.orderflow.clients.model.OrderLinesInner
import dev.orderflow.clients.model.OrderShipTo
import dev.orderflow.clients.model.Redrive
import dev.orderflow.clients.model.RedriveFilter
import dev.orderflow.clients.model.Status
import java.time.Duration
import java.time.Instant
import java.util.UUID
import java.util.concurrent.TimeUnit
import okhttp3.OkHttpClient

private val LIMIT = Duration.ofSeconds(60)

/** The journey of an order by a generated client, at the address that is its argument; ends with 1 where an answer is not as it was promised. */
fun main(arguments: Array<String>) {
    val url = arguments[0]
    // OkHttp gives up after ten seconds; an answer that is waited for may take longer.
    val http = OkHttpClient.Builder().readTimeout(40, TimeUnit.SECONDS).build()
    val orders = OrdersApi(url, http)
    val inventory = InventoryApi(url, http)

    val sku = "generated-" + UUID.randomUUID().toString().take(8)
    equal(5, inventory.setStock(sku, OnHand(5)).onHand)
    val key = UUID.randomUUID().toString()
    val id = orders.placeOrder(order(sku, 2), idempotencyKey = key).orderId
    equal(id, orders.placeOrder(order(sku, 2), idempotencyKey = key).orderId)

    var end = Instant.now() + LIMIT
    var state = orders.readOrder(id, prefer = "wait=10")
    while (state.status != Status.completed) {
        before(end, "the order is ${state.status}")
        state = orders.readOrder(id, prefer = "wait=10")
    }
    equal(4, state.timeline.size)
    equal(sku, state.lines[0].sku)
    equal(2, inventory.readStock(sku).reserved)
    equal(true, orders.listOrders(Status.completed, "c-generated", 10).orders.any { it.orderId == id })

    try {
        orders.placeOrder(order(sku, 0))
        error("An order of nothing was taken.")
    } catch (e: ClientException) {
        equal(422, e.statusCode)
        equal(true, (e.response as ClientError<*>).body.toString().contains("problems/invalid-order"))
    }

    // No bulk: this generator sends its text as a JSON string, since the name of its media type ends with "json".
    val deadLetters = DeadLettersApi(url, http)
    equal(true, deadLetters.listDeadLetters(limit = 10).deadLetters.size <= 10)
    equal(true, deadLetters.redrive(Redrive(filter = RedriveFilter(service = "shipping"), dryRun = true)).dryRun)
    val operation = OperationApi(url, http)
    equal(true, operation.listRoutes().routes.size >= 4)
    equal(true, operation.operate(OperationCommand(OperationCommand.Operation.pause, "shipping", dryRun = true)).dryRun)

    // Each call waits for the report a while, and then says how far it is.
    val auditing = AuditApi(url, http)
    end = Instant.now() + LIMIT
    var audit = auditing.audit()
    while (audit.state == Audit.State.running) {
        before(end, "the audit is at ${audit.part}")
        audit = auditing.audit()
    }
    equal(true, audit.services!!.size >= 4)
    println("clients: kotlin: the journey of order $id is as the contract says")
}

private fun order(sku: String, quantity: Int) = Order(
    customer = OrderCustomer("c-generated", "ada@example.com"),
    shipTo = OrderShipTo(
        name = "Ada Lovelace",
        street = "12 St James's Square",
        city = "London",
        postalCode = "SW1Y 4JH",
        country = "GB",
    ),
    currency = "GBP",
    lines = listOf(OrderLinesInner(sku, quantity, "12.50")),
)

private fun before(end: Instant, otherwise: String) = check(Instant.now() < end) { "After $LIMIT $otherwise" }

private fun equal(wanted: Any?, found: Any?) = check(wanted == found) { "wanted $wanted, found $found" }
