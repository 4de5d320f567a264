@NullMarked
package io.headrace.erase;

import org.jspecify.annotations.NullMarked;
