/**
 * An engine in a process of its own, so that what goes wrong there goes wrong there only: it may
 * crash or need more memory than it may have, and this process goes on.
 *
 * <p>Start at {@link io.headrace.engine.process.ProcessEngines}. Here live the two ends of the pipe
 * between the processes and what watches the other one. Nothing here knows what engine it is, and
 * nothing but values passes the pipe: no table, catalog or file is opened on its way.
 */
@NullMarked
package io.headrace.engine.process;

import org.jspecify.annotations.NullMarked;
