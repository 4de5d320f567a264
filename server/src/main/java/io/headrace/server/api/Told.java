package io.headrace.server.api;

import io.headrace.server.access.Sight;
import io.headrace.server.json.Json;
import io.headrace.table.TableName;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is told of what happens in a run. From whom anything is kept, hears which of the
 * tables that he sees begin and end, and no more: all other words can hold names and values.
 */
record Told(Sight sight, String environment) {
  private static final String EVENT = "event";
  private static final String TABLE = "table";
  private static final String OUTCOME = "outcome";

  boolean isAll() {
    return sight.seesAllRows(environment);
  }

  /** What is left of an event; empty if it is about a table that is not seen. */
  Optional<Map<String, @Nullable Object>> of(Map<String, @Nullable Object> event) {
    if (isAll()) {
      return Optional.of(event);
    }
    Object table =
        event.get(TABLE) instanceof Optional<?> maybe ? maybe.orElse(null) : event.get(TABLE);
    if (table == null) {
      return Optional.of(Json.object(EVENT, event.get(EVENT)));
    }
    if (!sight.sees(environment, TableName.parse(String.valueOf(table)))) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> less = Json.object(EVENT, event.get(EVENT), TABLE, table);
    Object outcome = event.get(OUTCOME);
    if (outcome != null && !(outcome instanceof Map)) {
      less.put(OUTCOME, outcome);
    }
    return Optional.of(less);
  }
}
