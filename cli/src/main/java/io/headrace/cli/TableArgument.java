package io.headrace.cli;

import io.headrace.error.NearestWord;
import io.headrace.table.TableName;
import java.util.Collection;
import java.util.List;

/** Finds the table that a user named. */
final class TableArgument {
  private TableArgument() {}

  /**
   * The table of that name among {@code known}.
   *
   * @throws io.headrace.error.UsageException if there is none
   */
  static TableName find(String text, Collection<TableName> known) {
    return known.stream()
        .filter(table -> table.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = known.stream().map(TableName::toString).toList();
              return ProjectCommand.unknownTable(
                  text, NearestWord.hint(text, names, "See the tables with `headrace show`"));
            });
  }
}
