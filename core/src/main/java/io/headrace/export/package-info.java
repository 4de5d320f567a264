/**
 * Deliveries: the rows of published versions, brought to where other programs want them.
 *
 * <p>Start at {@link io.headrace.export.Exporter}. What is delivered is a version, and the place
 * itself says which version it holds: so a delivery is never done twice, one that was killed is
 * done again, and nothing needs to be remembered here. May use {@code bytes}, {@code workspace},
 * {@code project}, {@code catalog}, {@code connector}, {@code identity}, {@code engine}, {@code
 * sql} and {@code table}. Writes nothing to the catalog but what {@code identity} keeps there.
 */
@NullMarked
package io.headrace.export;

import org.jspecify.annotations.NullMarked;
