/**
 * SQL as text and what can be known of it without running it.
 *
 * <p>{@link io.headrace.sql.CanonicalSql} is the form that fingerprints cover, and is our own so
 * that it survives an upgrade of an engine; {@link io.headrace.sql.Analysis} is what an engine's
 * parser found. May use {@code error} and {@code table}.
 */
@NullMarked
package io.headrace.sql;

import org.jspecify.annotations.NullMarked;
