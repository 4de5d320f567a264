@NullMarked
package io.headrace.engine.process;

import org.jspecify.annotations.NullMarked;
