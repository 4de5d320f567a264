/**
 * The parts of an opened project in one place, so that every command starts the same way. Opens
 * nothing that is not asked for: a command that needs no engine starts none.
 */
@NullMarked
package io.headrace.workspace;

import org.jspecify.annotations.NullMarked;
