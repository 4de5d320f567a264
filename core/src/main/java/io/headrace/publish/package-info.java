/**
 * Moves of pointers that build nothing: promotion from one environment to another, and rollback.
 *
 * <p>Each is one publication, compared with what it was decided on. May use {@code catalog}, {@code
 * table} and {@code error}.
 */
@NullMarked
package io.headrace.publish;

import org.jspecify.annotations.NullMarked;
