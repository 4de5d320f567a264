/**
 * What identifies a version: hashes of code, of files, and of both together.
 *
 * <p>Fail-closed: what cannot be identified is built every time. May use {@code catalog} (records),
 * {@code graph}, {@code sql}, {@code table} and {@code error}.
 */
@NullMarked
package io.headrace.fingerprint;

import org.jspecify.annotations.NullMarked;
