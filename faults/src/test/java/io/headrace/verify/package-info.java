@NullMarked
package io.headrace.verify;

import org.jspecify.annotations.NullMarked;
