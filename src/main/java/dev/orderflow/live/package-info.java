/**
 * Edits of route files while orders flow: watch, swap, take back, status. Without it an edit is a restart.
 */
package dev.orderflow.live;
