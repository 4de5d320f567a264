package io.headrace.workspace;

import io.headrace.engine.EngineProvider;

/**
 * How tasks are computed in processes of their own.
 *
 * @param engines starts an engine in a process of its own, with its memory as the limit
 * @param byDefault whether this is done for tasks that do not say
 */
public record Apart(EngineProvider engines, boolean byDefault) {}
