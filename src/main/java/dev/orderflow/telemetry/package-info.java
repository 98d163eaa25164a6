/**
 * Small tools to tell people what goes on: meters, lines for outages, a failure in one sentence.
 */
package dev.orderflow.telemetry;
