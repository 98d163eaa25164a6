/**
 * What a process is told: settings with their limits, services, ports. A fault is told before anything is started.
 */
package dev.orderflow.settings;
