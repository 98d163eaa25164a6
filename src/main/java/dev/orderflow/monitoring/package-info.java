/**
 * Health, metrics and lag, looked at in the background so that a question never waits for what is away.
 */
package dev.orderflow.monitoring;
