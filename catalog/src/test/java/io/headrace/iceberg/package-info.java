/** Tests of tables as Iceberg keeps them. */
@NullMarked
package io.headrace.iceberg;

import org.jspecify.annotations.NullMarked;
