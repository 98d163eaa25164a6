package dev.orderflow.inventory;

import dev.orderflow.http.Whole;

/** The body of PUT /inventory/{sku}. */
record StockLevel(@Whole(min = 0, max = 1_000_000_000) long onHand) {}
