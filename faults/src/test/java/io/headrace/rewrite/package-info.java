@NullMarked
package io.headrace.rewrite;

import org.jspecify.annotations.NullMarked;
