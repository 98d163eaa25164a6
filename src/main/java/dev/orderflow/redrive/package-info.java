/**
 * Keeps the dead letters, shows them, and sends them back. Without it what is parked stays parked.
 */
package dev.orderflow.redrive;
