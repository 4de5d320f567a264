/**
 * What a schedule is due for now, as catalogs and files say.
 *
 * <p>Start at {@link io.headrace.trigger.Outlook}. Nothing here waits, writes or keeps state: two
 * servers that look at the same moment see the same. May use {@code catalog}, {@code schedule},
 * {@code workspace} and what those are made of.
 */
@NullMarked
package io.headrace.trigger;

import org.jspecify.annotations.NullMarked;
