/**
 * The {@code headrace} command: reads arguments, calls the core, writes what came of it.
 *
 * <p>Start at {@link io.headrace.cli.Main}. A command decides nothing that a server would have to
 * decide again. Results go to standard output; errors, hints and progress to standard error.
 */
@NullMarked
package io.headrace.cli;

import org.jspecify.annotations.NullMarked;
