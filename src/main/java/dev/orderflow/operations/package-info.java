/**
 * What operators have services do: pause, resume, rewind, skip, allow.
 */
package dev.orderflow.operations;
