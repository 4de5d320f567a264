/**
 * Figures the way people read them: the same on a console and on a page.
 *
 * <p>May use nothing but Java.
 */
@NullMarked
package io.headrace.server.text;

import org.jspecify.annotations.NullMarked;
