/**
 * Chooses a carrier for each order, and writes its label.
 */
package dev.orderflow.shipping;
