/**
 * Plays an edited service over the last real orders, in transactions that are rolled back. It leaves nothing anywhere.
 */
package dev.orderflow.rehearsal;
