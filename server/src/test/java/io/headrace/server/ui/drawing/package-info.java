/** What drawings of graphs are like. */
@org.jspecify.annotations.NullMarked
package io.headrace.server.ui.drawing;
