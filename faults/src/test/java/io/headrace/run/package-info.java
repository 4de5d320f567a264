@NullMarked
package io.headrace.run;

import org.jspecify.annotations.NullMarked;
