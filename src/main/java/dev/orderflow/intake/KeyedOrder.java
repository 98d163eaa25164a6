package dev.orderflow.intake;

import java.util.UUID;

/** An order that came with an Idempotency-Key: its id, made of client and key, and a hash of what it wants. */
record KeyedOrder(UUID id, byte[] payloadHash) {}
