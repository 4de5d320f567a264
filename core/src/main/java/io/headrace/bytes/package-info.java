/**
 * Reads bytes that anybody may have written: unpacked exactly, and no more of them than are wanted.
 * Writes small files so that they last, and takes folders away.
 *
 * <p>Knows nothing of the rest, nor of what the bytes mean.
 */
@NullMarked
package io.headrace.bytes;

import org.jspecify.annotations.NullMarked;
