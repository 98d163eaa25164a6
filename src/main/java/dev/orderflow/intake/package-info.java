/**
 * Takes orders: 202 means kept. Validation, ids, Idempotency-Keys, bulks.
 */
package dev.orderflow.intake;
