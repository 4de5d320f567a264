/**
 * How connectors write rows so that the engine reads exactly them, and read what the engine wrote:
 * CSV files, which texts are values of a type without a loss, and how values of a cursor are
 * written and ordered.
 *
 * <p>Start at {@link io.headrace.connector.staging.CsvFiles}. Knows no outside system.
 */
@NullMarked
package io.headrace.connector.staging;

import org.jspecify.annotations.NullMarked;
