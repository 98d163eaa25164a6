package dev.orderflow.bench;

import java.util.Map;

/**
 * One round of one side.
 *
 * @param cpuUs processor microseconds for each order, by process
 * @param p50Ms and the 99th of a hundred: of each answer; 0 where nobody waits for one
 * @param residentMb what the side's own process holds behind the round
 */
record Sample(double perSecond, Map<String, Double> cpuUs, double p50Ms, double p99Ms, long residentMb, long errors) {}
