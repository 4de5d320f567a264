/**
 * What Headrace asks of an engine: to understand SQL, and to execute it.
 *
 * <p>Start at {@link io.headrace.engine.Engine}. Engines live in modules of their own and are found
 * through {@link java.util.ServiceLoader} as {@link io.headrace.engine.EngineProvider}s.
 */
@NullMarked
package io.headrace.engine;

import org.jspecify.annotations.NullMarked;
