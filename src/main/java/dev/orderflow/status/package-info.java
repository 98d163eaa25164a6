/**
 * What became of each order, from what the services said; the pages of orders.
 */
package dev.orderflow.status;
