package io.headrace.iceberg;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headrace.error.HeadraceException;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Turns partitioning and partition values into Iceberg's and back. */
final class Partitions {
  private static final Pattern BUCKET = Pattern.compile("bucket\\[(\\d+)]");

  private Partitions() {}

  /**
   * The specification for {@code partitioning}. A field that {@code base} has keeps its id, every
   * other gets one that the table never used.
   *
   * @param lastFieldId the highest partition field id that the table ever used
   */
  static PartitionSpec toSpec(
      Schema schema, List<PartitionField> partitioning, PartitionSpec base, int lastFieldId) {
    if (partitioning.isEmpty()) {
      return PartitionSpec.unpartitioned();
    }
    try {
      PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
      partitioning.forEach(field -> add(builder, schema, field));
      return withIds(builder.build(), base, lastFieldId);
    } catch (IllegalArgumentException | ValidationException e) {
      throw new HeadraceException(
          "Cannot partition by %s: %s".formatted(partitioning, e.getMessage()),
          "Name columns that the table has, each of them once",
          e);
    }
  }

  private static void add(PartitionSpec.Builder builder, Schema schema, PartitionField field) {
    String column = field.column();
    switch (field.transform()) {
      case IDENTITY -> builder.identity(column);
      case YEAR -> builder.year(column, freeName(schema, column + "_year"));
      case MONTH -> builder.month(column, freeName(schema, column + "_month"));
      case DAY -> builder.day(column, freeName(schema, column + "_day"));
      case HOUR -> builder.hour(column, freeName(schema, column + "_hour"));
      case BUCKET -> builder.bucket(column, field.buckets(), freeName(schema, column + "_bucket"));
    }
  }

  private static String freeName(Schema schema, String name) {
    String free = name;
    while (schema.findField(free) != null) {
      free += "_";
    }
    return free;
  }

  private static PartitionSpec withIds(PartitionSpec spec, PartitionSpec base, int lastFieldId) {
    int next = lastFieldId;
    List<Integer> ids = new ArrayList<>();
    for (org.apache.iceberg.PartitionField field : spec.fields()) {
      Optional<Integer> kept = idIn(base, field);
      ids.add(kept.isPresent() ? kept.get() : ++next);
    }
    if (ids.equals(spec.fields().stream().map(field -> field.fieldId()).toList())) {
      return spec;
    }
    try {
      // The builder numbers from 1000 and takes no other ids; the JSON form does.
      JsonNode json = new ObjectMapper().readTree(PartitionSpecParser.toJson(spec));
      for (int i = 0; i < ids.size(); i++) {
        ((ObjectNode) json.get("fields").get(i)).put("field-id", ids.get(i));
      }
      return PartitionSpecParser.fromJson(spec.schema(), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Integer> idIn(
      PartitionSpec base, org.apache.iceberg.PartitionField field) {
    return base.fields().stream()
        .filter(
            old ->
                old.sourceId() == field.sourceId()
                    && old.transform().toString().equals(field.transform().toString()))
        .map(org.apache.iceberg.PartitionField::fieldId)
        .findFirst();
  }

  static List<PartitionField> fromSpec(PartitionSpec spec, Schema schema) {
    return spec.fields().stream()
        .map(field -> field(field.transform().toString(), schema.findColumnName(field.sourceId())))
        .toList();
  }

  private static PartitionField field(String transform, String column) {
    Matcher bucket = BUCKET.matcher(transform);
    return bucket.matches()
        ? new PartitionField(Transform.BUCKET, column, Integer.parseInt(bucket.group(1)))
        : new PartitionField(transform(transform), column);
  }

  private static Transform transform(String name) {
    return switch (name) {
      case "identity" -> Transform.IDENTITY;
      case "year" -> Transform.YEAR;
      case "month" -> Transform.MONTH;
      case "day" -> Transform.DAY;
      case "hour" -> Transform.HOUR;
      default -> throw new IllegalArgumentException("Unsupported transform %s".formatted(name));
    };
  }

  /** The values of one file's partition in the order of the specification's fields. */
  static StructLike toValues(PartitionSpec spec, List<Optional<String>> texts) {
    Types.StructType type = spec.partitionType();
    if (texts.size() != type.fields().size()) {
      throw new IllegalArgumentException(
          "%d partition values for %d partition fields"
              .formatted(texts.size(), type.fields().size()));
    }
    PartitionData values = new PartitionData(type);
    for (int i = 0; i < texts.size(); i++) {
      Type fieldType = fieldType(spec, i);
      int position = i;
      texts.get(i).ifPresent(text -> values.set(position, parse(fieldType, text)));
    }
    return values;
  }

  private static Object parse(Type type, String text) {
    return ValueText.parse(type, text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' cannot name a partition of type %s".formatted(text, type)));
  }

  static List<Optional<String>> fromValues(PartitionSpec spec, StructLike values) {
    List<Optional<String>> texts = new ArrayList<>();
    for (int i = 0; i < spec.fields().size(); i++) {
      Type type = fieldType(spec, i);
      texts.add(
          Optional.ofNullable(values.get(i, Object.class))
              .map(value -> ValueText.format(type, value)));
    }
    return texts;
  }

  /** Days are dates to Iceberg and numbers to us, as years and months are to both. */
  private static Type fieldType(PartitionSpec spec, int position) {
    return spec.fields().get(position).transform().isIdentity()
        ? spec.partitionType().fields().get(position).type()
        : Types.IntegerType.get();
  }
}
