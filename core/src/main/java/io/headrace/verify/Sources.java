package io.headrace.verify;

import io.headrace.catalog.Version;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.table.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether what a version was made from is there, so that it can be made again. */
sealed interface Sources {

  /**
   * All of it is.
   *
   * @param tables version by table, for all inputs of the query
   * @param files the files that it reads, in order
   */
  record Found(SortedMap<TableName, Version> tables, List<Identified> files) implements Sources {
    public Found {
      tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
      files = List.copyOf(files);
    }
  }

  /** Not all of it is, and why, in words that end a sentence about the table. */
  record Gone(String reason) implements Sources {}
}
