package io.headrace.connector.kafka.protobuf;

import java.util.Map;

/** What the values of a field are of. */
sealed interface ProtoType
    permits ProtoType.Enumeration, ProtoType.MapOf, ProtoType.Scalar, MessageType {
  /** How values of the type are written: what follows the number of a field. */
  int wire();

  /** The value that a field has which is not there, if it is not told whether it is. */
  Object initial();

  /** A type without parts. Whole numbers are {@link Long}s. */
  enum Scalar implements ProtoType {
    BOOL(Wire.VARINT, "BOOLEAN"),
    INT32(Wire.VARINT, "INTEGER"),
    SINT32(Wire.VARINT, "INTEGER"),
    UINT32(Wire.VARINT, "BIGINT"),
    INT64(Wire.VARINT, "BIGINT"),
    SINT64(Wire.VARINT, "BIGINT"),
    /** As a {@link Long} without a sign. */
    UINT64(Wire.VARINT, "DECIMAL(20,0)"),
    SFIXED32(Wire.FIXED32, "INTEGER"),
    FIXED32(Wire.FIXED32, "BIGINT"),
    SFIXED64(Wire.FIXED64, "BIGINT"),
    /** As a {@link Long} without a sign. */
    FIXED64(Wire.FIXED64, "DECIMAL(20,0)"),
    FLOAT(Wire.FIXED32, "FLOAT"),
    DOUBLE(Wire.FIXED64, "DOUBLE"),
    STRING(Wire.LENGTH, "VARCHAR"),
    BYTES(Wire.LENGTH, "VARCHAR");

    private final int wire;
    private final String declared;

    Scalar(int wire, String declared) {
      this.wire = wire;
      this.declared = declared;
    }

    @Override
    public int wire() {
      return wire;
    }

    @Override
    public Object initial() {
      return switch (this) {
        case BOOL -> false;
        case FLOAT -> 0f;
        case DOUBLE -> 0d;
        case STRING -> "";
        case BYTES -> new byte[0];
        default -> 0L;
      };
    }

    /** The type of a column that holds all values. */
    String declared() {
      return declared;
    }

    boolean isUnsigned64() {
      return this == UINT64 || this == FIXED64;
    }

    boolean isKey() {
      return this != FLOAT && this != DOUBLE && this != BYTES;
    }
  }

  /**
   * Numbers that have names. Values are {@link Long}s.
   *
   * @param names by number
   * @param first the number that stands for nothing else
   */
  record Enumeration(String name, Map<Long, String> names, long first) implements ProtoType {
    public Enumeration {
      names = Map.copyOf(names);
    }

    @Override
    public int wire() {
      return Wire.VARINT;
    }

    @Override
    public Object initial() {
      return first;
    }
  }

  /** Values by key: a {@link java.util.LinkedHashMap} in the order of the message. */
  record MapOf(ProtoType key, ProtoType value) implements ProtoType {
    @Override
    public int wire() {
      return Wire.LENGTH;
    }

    @Override
    public Object initial() {
      return Map.of();
    }
  }
}
