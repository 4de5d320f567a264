/**
 * What a table is made of: its name, schema, partitioning and data files, and the {@link
 * io.headrace.table.TableStore} that turns data files into versions.
 *
 * <p>Values and one interface. May use {@code error}. Knows no engine, no file format library and
 * no database.
 */
@NullMarked
package io.headrace.table;

import org.jspecify.annotations.NullMarked;
