/**
 * Writes mails and hands them over, and tells whose fault a refusal is.
 */
package dev.orderflow.notification;
