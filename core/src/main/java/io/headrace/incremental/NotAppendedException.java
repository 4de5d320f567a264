package io.headrace.incremental;

import io.headrace.error.HeadraceException;
import io.headrace.table.TableName;

/** An input changed other than by new rows, and the table refuses that. */
public final class NotAppendedException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  NotAppendedException(TableName table, String input) {
    super(
        "'%s' only appends, and its input '%s' changed other than by new rows"
            .formatted(table, input),
        "Build it again with `headrace run --refresh=%s`, or say `otherwise: rebuild`"
            .formatted(table));
  }
}
