package io.headrace.incremental;

import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How an input grew since the version before, while all others stayed as they were.
 *
 * @param inputs what the query reads: of the input that grew, the new rows only; empty for a source
 * @param earlier the same with the rows of that input that were there before
 * @param files the files that are new, of a source; empty for a query
 * @param earlierFiles the files that were there before, of a source
 */
public record Growth(
    Map<TableName, TableData> inputs,
    Map<TableName, TableData> earlier,
    List<Path> files,
    List<Path> earlierFiles) {
  public Growth {
    inputs = Map.copyOf(inputs);
    earlier = Map.copyOf(earlier);
    files = List.copyOf(files);
    earlierFiles = List.copyOf(earlierFiles);
  }
}
