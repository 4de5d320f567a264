/**
 * What the program needs to know of outside systems that rows come from: databases, APIs, brokers.
 *
 * <p>Start at {@link io.headrace.connector.Connector}. A connector reads rows into files that the
 * engine reads like any others: so that it needs to know no engine, and no engine needs to know it.
 * Knows nothing of tasks, versions and environments.
 */
@NullMarked
package io.headrace.connector;

import org.jspecify.annotations.NullMarked;
