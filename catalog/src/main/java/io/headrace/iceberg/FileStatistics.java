package io.headrace.iceberg;

import io.headrace.table.DataFile.Statistics;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Statistics as text and as Iceberg's metrics.
 *
 * <p>Bounds of texts and byte strings are cut to {@value #BOUND_LENGTH}, which is what other
 * writers do. Iceberg does not say whether a bound is exact; it is if it is shorter than that, and
 * bounds that are not exact and would look so are left out.
 */
final class FileStatistics {
  static final int BOUND_LENGTH = 16;

  private FileStatistics() {}

  static Metrics toMetrics(Schema schema, long rowCount, Map<Integer, Statistics> statistics) {
    Map<Integer, Long> sizes = new HashMap<>();
    Map<Integer, Long> values = new HashMap<>();
    Map<Integer, Long> nulls = new HashMap<>();
    Map<Integer, Long> nans = new HashMap<>();
    Map<Integer, ByteBuffer> lower = new HashMap<>();
    Map<Integer, ByteBuffer> upper = new HashMap<>();
    statistics.forEach(
        (id, column) -> {
          sizes.put(id, column.sizeBytes());
          values.put(id, column.valueCount());
          nulls.put(id, column.nullCount());
          column.nanCount().ifPresent(count -> nans.put(id, count));
          Types.NestedField field = schema.findField(id);
          // A file of an older schema can have columns that are no more: no type, no bounds.
          if (field != null && field.type().isPrimitiveType()) {
            putBounds(id, field.type(), column, lower, upper);
          }
        });
    return new Metrics(rowCount, sizes, values, nulls, nans, lower, upper);
  }

  private static void putBounds(
      int id,
      Type type,
      Statistics column,
      Map<Integer, ByteBuffer> lower,
      Map<Integer, ByteBuffer> upper) {
    if (type.typeId() == Type.TypeID.UUID) {
      // Readers do not agree on their order: Java's takes the first bit for a sign.
      return;
    }
    Optional<Object> min = column.lower().flatMap(text -> ValueText.parse(type, text));
    Optional<Object> max = column.upper().flatMap(text -> ValueText.parse(type, text));
    Optional<Object> low = min.map(value -> cutLower(type, value));
    Optional<Object> high = max.flatMap(value -> Optional.ofNullable(cutUpper(type, value)));
    boolean exact = column.exact() && low.equals(min) && high.equals(max);
    if (!exact && looksExact(type, low) && looksExact(type, high)) {
      return;
    }
    low.ifPresent(value -> lower.put(id, Conversions.toByteBuffer(type, value)));
    high.ifPresent(value -> upper.put(id, Conversions.toByteBuffer(type, value)));
  }

  private static boolean looksExact(Type type, Optional<Object> bound) {
    return bound.isEmpty() || ValueText.boundLength(type, bound.get()) < BOUND_LENGTH;
  }

  private static Object cutLower(Type type, Object value) {
    return switch (type.typeId()) {
      case STRING -> UnicodeUtil.truncateString((String) value, BOUND_LENGTH).toString();
      case BINARY -> BinaryUtil.truncateBinary((ByteBuffer) value, BOUND_LENGTH);
      default -> value;
    };
  }

  /** Null if nothing of that length is greater. */
  private static @Nullable Object cutUpper(Type type, Object value) {
    return switch (type.typeId()) {
      case STRING -> UnicodeUtil.truncateStringMax((String) value, BOUND_LENGTH);
      case BINARY -> BinaryUtil.truncateBinaryMax((ByteBuffer) value, BOUND_LENGTH);
      default -> value;
    };
  }

  static SortedMap<Integer, Statistics> fromIceberg(Schema schema, DataFile file) {
    SortedMap<Integer, Statistics> statistics = new TreeMap<>();
    Map<Integer, Long> values = orEmpty(file.valueCounts());
    for (Map.Entry<Integer, Long> entry : values.entrySet()) {
      Types.NestedField field = schema.findField(entry.getKey());
      if (field != null && field.type().isPrimitiveType()) {
        statistics.put(entry.getKey(), column(file, entry.getKey(), field.type()));
      }
    }
    return statistics;
  }

  private static Statistics column(DataFile file, int id, Type type) {
    Optional<Object> low = bound(file.lowerBounds(), id, type);
    Optional<Object> high = bound(file.upperBounds(), id, type);
    return new Statistics(
        orEmpty(file.columnSizes()).getOrDefault(id, 0L),
        orEmpty(file.valueCounts()).getOrDefault(id, 0L),
        orEmpty(file.nullValueCounts()).getOrDefault(id, 0L),
        Optional.ofNullable(orEmpty(file.nanValueCounts()).get(id)),
        low.map(value -> ValueText.format(type, value)),
        high.map(value -> ValueText.format(type, value)),
        (low.isPresent() || high.isPresent()) && looksExact(type, low) && looksExact(type, high));
  }

  private static Optional<Object> bound(
      @Nullable Map<Integer, ByteBuffer> bounds, int id, Type type) {
    ByteBuffer bytes = orEmpty(bounds).get(id);
    return bytes == null
        ? Optional.empty()
        : Optional.of(Conversions.<Object>fromByteBuffer(type, bytes.duplicate()));
  }

  private static <V> Map<Integer, V> orEmpty(@Nullable Map<Integer, V> map) {
    return map == null ? Map.of() : map;
  }
}
