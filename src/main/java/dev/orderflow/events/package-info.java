/**
 * What the topics say: orders, events, their JSON and its rules. All sides read and write by it, so that a record of today
 * is read for ever.
 */
package dev.orderflow.events;
