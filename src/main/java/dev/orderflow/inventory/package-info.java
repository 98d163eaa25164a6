/**
 * Reserves goods, and answers for the stock.
 */
package dev.orderflow.inventory;
