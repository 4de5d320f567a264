/**
 * Tells other programs of runs, in the forms that the field has agreed on: traces for
 * OpenTelemetry, and lineage for OpenLineage. Both are asked for with the variables that those
 * projects define, and cost nothing where they are not set. May use the core; nobody may use this.
 */
@NullMarked
package io.headrace.telemetry;

import org.jspecify.annotations.NullMarked;
