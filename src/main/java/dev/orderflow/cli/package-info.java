/**
 * The command line, and the commands that talk to a running process.
 */
package dev.orderflow.cli;
