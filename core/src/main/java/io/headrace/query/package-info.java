/**
 * Reading what was published: queries over one commit of an environment, and what a table looks
 * like.
 *
 * <p>May use {@code workspace}, {@code catalog}, {@code engine} and {@code table}. Writes nothing
 * to the catalog.
 */
@NullMarked
package io.headrace.query;

import org.jspecify.annotations.NullMarked;
