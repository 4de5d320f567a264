/**
 * Whether what is served is well: metrics, readiness, and a log of what happens.
 *
 * <p>Start at {@link io.headrace.server.monitor.Metrics}. It listens to runs and schedules, and
 * changes nothing. The library for metrics stays in here.
 */
@NullMarked
package io.headrace.server.monitor;

import org.jspecify.annotations.NullMarked;
