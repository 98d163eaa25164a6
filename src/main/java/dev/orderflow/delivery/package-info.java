/**
 * Has a service act on each order once: batches, receipts, waits, dead letters, offsets. The order of its steps is the
 * promise; any other order loses or repeats.
 */
package dev.orderflow.delivery;
