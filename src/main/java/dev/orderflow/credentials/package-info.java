/**
 * Tokens, passwords and certificates, read again where they stand in files. Without it a renewed password would need a
 * restart.
 */
package dev.orderflow.credentials;
