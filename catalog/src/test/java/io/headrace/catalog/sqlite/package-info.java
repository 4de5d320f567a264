/** Tests of the catalog: contracts that every catalog keeps, and what is special about SQLite. */
@NullMarked
package io.headrace.catalog.sqlite;

import org.jspecify.annotations.NullMarked;
