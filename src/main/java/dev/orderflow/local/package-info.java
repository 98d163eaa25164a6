/**
 * The broker and the database that come along when no address is given. Not in the production build.
 */
package dev.orderflow.local;
