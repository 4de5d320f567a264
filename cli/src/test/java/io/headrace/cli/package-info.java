/** Tests of the command line, which run in this process on projects in temporary folders. */
@NullMarked
package io.headrace.cli;

import org.jspecify.annotations.NullMarked;
