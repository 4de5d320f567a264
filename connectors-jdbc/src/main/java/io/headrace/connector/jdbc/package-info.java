/**
 * Reads tables and queries of databases into CSV files.
 *
 * <p>Start at {@link io.headrace.connector.jdbc.DatabaseConnector}. What differs from system to
 * system is in the {@code Dialect}s. The engine converts text generously: it rounds, cuts off and
 * leaves out what it does not understand. So every value is written in a form that has only one
 * meaning, or refused here.
 */
@NullMarked
package io.headrace.connector.jdbc;

import org.jspecify.annotations.NullMarked;
