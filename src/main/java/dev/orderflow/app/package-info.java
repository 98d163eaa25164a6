/**
 * Puts a run together and starts and stops it; the command {@code orderflow}. Nothing else knows all parts: without it each
 * would have to know the others.
 */
package dev.orderflow.app;
