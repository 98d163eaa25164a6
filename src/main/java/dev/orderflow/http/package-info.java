/**
 * The REST server, and how calls are read and answered: limits, tokens, problems, an engine that holds no thread. Every
 * answer goes through it, so that none is outside of the contract.
 */
package dev.orderflow.http;
