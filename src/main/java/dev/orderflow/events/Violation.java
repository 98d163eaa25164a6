package dev.orderflow.events;

/**
 * One rule that a request breaks.
 *
 * @param pointer the place in the body (JSON Pointer, RFC 6901); empty for the whole body
 * @param detail a sentence: what was wanted, and what was found
 */
public record Violation(String pointer, String detail) {}
