/** Headrace: a folder of SQL and data becomes tables that people trust. */
@NullMarked
package io.headrace;

import org.jspecify.annotations.NullMarked;
