/**
 * Reads files of formats that engines do not read, each into lines of JSON.
 *
 * <p>One converter for each format. May use {@code io.headrace.connector} and the engine's words
 * for files; not a task, a catalog or an engine.
 */
@NullMarked
package io.headrace.connector.files;

import org.jspecify.annotations.NullMarked;
