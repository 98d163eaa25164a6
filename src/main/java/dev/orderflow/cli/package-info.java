/**
 * The words of the command line that talk to a running process.
 */
package dev.orderflow.cli;
