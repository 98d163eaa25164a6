/**
 * How this process reaches the brokers: clients, the topics and groups that it needs, and reads outside of a group.
 */
package dev.orderflow.kafka;
