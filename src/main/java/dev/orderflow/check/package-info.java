/**
 * Everything that is asked of a route file before it may run. Without it an edit that loses or repeats orders would be
 * found when it has.
 */
package dev.orderflow.check;
