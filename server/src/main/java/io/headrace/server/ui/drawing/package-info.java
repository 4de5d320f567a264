/**
 * Where the boxes and lines of a graph go on a plane.
 *
 * <p>Start at {@link io.headrace.server.ui.drawing.Layouts}. Knows nothing of tables; the one
 * package that knows the library which computes layouts.
 */
@NullMarked
package io.headrace.server.ui.drawing;

import org.jspecify.annotations.NullMarked;
