/**
 * What things are, by their content: hashes of texts, and files found and identified. Fail-closed:
 * a file whose content is in doubt is read.
 *
 * <p>May use {@code catalog} (to remember) and {@code error}.
 */
@NullMarked
package io.headrace.identity;

import org.jspecify.annotations.NullMarked;
