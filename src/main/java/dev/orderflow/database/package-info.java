/**
 * The pool of connections and its schema, and what PostgreSQL's errors mean. Without one list of those that pass, an
 * outage would be waited out in one place and park orders in another.
 */
package dev.orderflow.database;
