/** Deliveries of real versions to real databases and files. */
@org.jspecify.annotations.NullMarked
package io.headrace.export;
