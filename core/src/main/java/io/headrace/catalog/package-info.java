/**
 * What Headrace remembers: environments and their commits, versions and what built them, runs, and
 * who is building what just now.
 *
 * <p>Records and interfaces; the databases behind them live in a module of their own. Start at
 * {@link io.headrace.catalog.Catalog}. May use {@code table}, {@code fingerprint} and {@code
 * error}.
 */
@NullMarked
package io.headrace.catalog;

import org.jspecify.annotations.NullMarked;
