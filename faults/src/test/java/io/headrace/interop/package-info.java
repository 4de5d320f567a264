/**
 * Tables that runs made, read by a reader that is not Headrace's: Iceberg's own, through Hadoop's
 * file system, which shares no code with what wrote them.
 */
@NullMarked
package io.headrace.interop;

import org.jspecify.annotations.NullMarked;
