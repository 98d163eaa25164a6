package dev.orderflow.bench;

/** Placeholder to be filled. */
final class Latency {
    Latency(Ground ground, Sides sides) {}
    String table(Plan plan) { return ""; }
}
