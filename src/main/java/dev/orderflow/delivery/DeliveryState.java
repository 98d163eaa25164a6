package dev.orderflow.delivery;

import java.time.Instant;

/**
 * What the delivery of one route does now: {@code joining} until the first poll, {@code running}, {@code waiting} for a
 * broker or database that is away, {@code held} by the cap on parking, or {@code stopped}. The cause is empty unless it
 * waits or is held.
 */
public record DeliveryState(String route, String service, String state, Instant since, String cause) {}
