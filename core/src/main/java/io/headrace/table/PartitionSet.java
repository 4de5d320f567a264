package io.headrace.table;

/** Some of a table's partitions, told by the values of one of its partition fields. */
public sealed interface PartitionSet permits PartitionSlice, PartitionRange {

  /** One of the table's partition fields. */
  PartitionField field();
}
