/**
 * What the program needs to know of outside systems that rows come from or are delivered to:
 * databases, APIs, brokers.
 *
 * <p>Start at {@link io.headrace.connector.Connector}. A connector reads rows into files that the
 * engine reads like any others, and delivers rows from files that the engine writes: so that it
 * needs to know no engine, and no engine needs to know it. Knows nothing of tasks, versions and
 * environments.
 */
@NullMarked
package io.headrace.connector;

import org.jspecify.annotations.NullMarked;
