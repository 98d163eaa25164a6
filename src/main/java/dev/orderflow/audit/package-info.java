/**
 * Holds the topics against what the services keep. Without it a loss would be found by a customer.
 */
package dev.orderflow.audit;
