package io.headrace.connector.kafka;

import static io.headrace.connector.kafka.ProtobufSamples.ALL;
import static io.headrace.connector.kafka.ProtobufSamples.TYPE;
import static io.headrace.connector.kafka.ProtobufSamples.bytes;
import static io.headrace.connector.kafka.ProtobufSamples.fields;
import static io.headrace.connector.kafka.ProtobufSamples.join;
import static io.headrace.connector.kafka.ProtobufSamples.message;
import static io.headrace.connector.kafka.ProtobufSamples.text;
import static io.headrace.connector.kafka.ProtobufSamples.type;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.headrace.connector.kafka.protobuf.MessageType;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of bytes that anybody may have written. */
class ProtobufBytesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18 | 1 bytes are missing at its end",
        "00 01 | 0 is no field",
        "80808080 8001 01 | 4294967296 is no field",
        "ffffffffffffffffffff01 | a number is too long",
        "720161 00 | 0 is no field",
        "7202 61 | 1 bytes are missing at its end",
        "72 ffffffffffffffffff01 | a length is 18446744073709551615",
        "72 ffffffff07 | 2147483647 bytes are missing at its end",
        "7201 ff | a text is not UTF-8",
        "0802 | field 's_bool': a boolean is 2",
        "10 8080808010 | field 's_int32': 4294967296 is no number of 32 bits",
        "20 8080808010 | field 's_uint32': 4294967296 is no number of 32 bits",
        "12 00 | field 's_int32': it is written as wire type 2, and its type as 0",
        "920201 09 | field 'n': it is written as wire type 1, and its type as 0",
        "920201 08 01 | 1 bytes are missing at its end",
        "a306 | 1 bytes are missing at its end",
        "a306 ac06 | field 100 ends as field 101",
        "a406 | the end of field 100 is in it without its begin",
        "0f | field 's_bool': it is written as wire type 7, and its type as 0",
        "a706 | 7 is no wire type",
      })
  void saysWhatIsWrong(String hex, String reason) {
    String expected = "not Protobuf of its schema: " + reason;
    assertThat(fields(TYPE, "s_bool BOOLEAN").read(bytes(hex))).isEqualTo(expected);
  }

  @Test
  void fieldsThatTheSchemaDoesNotHaveArePassed() {
    // Of each wire type, and one in the other.
    byte[] unknown = bytes("b83e01 bd3e00000000 b93e0000000000000000 ba3e0161 bb3ec33ec43ebc3e");
    assertThat(text(join(unknown, message("s_int64", 7L).toByteArray()), "s_int64", "BIGINT"))
        .isEqualTo("7");
  }

  @Test
  void groupsAndWhatIsMissing() {
    MessageType old =
        type(
            """
            message Old {
              required int32 id = 1;
              optional group In = 2 { required bool b = 1; optional In in = 2; }
              repeated Old olds = 3;
            }
            """,
            "Old");
    ProtobufFields fields = fields(old, "id INTEGER", "in VARCHAR");
    assertThat(fields.read(bytes("0807 13 0801 12020800 14"))).isNull();
    assertThat(fields.text(1)).isEqualTo("{\"b\":true,\"in\":{\"b\":false}}");
    // Groups that are there twice have the fields of both, so that they are whole together.
    assertThat(fields.read(bytes("0807 1314 13080114"))).isNull();
    assertThat(fields.read(bytes("13 0801 14"))).endsWith("the field 'id' of 'Old' is missing");
    assertThat(fields.read(bytes("0807 13 14"))).endsWith("the field 'b' of 'Old.In' is missing");
    assertThat(fields.read(bytes("0807 1a00"))).endsWith("the field 'id' of 'Old' is missing");
    assertThat(fields.read(bytes("0807 13 0801"))).endsWith("1 bytes are missing at its end");
  }

  /** Whatever the bytes, there is a reason or there are fields, and little memory is taken. */
  @Test
  void anyBytesAreReadOrRejected() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    String[] columns =
        ALL.getFields().stream().map(f -> f.getName() + " VARCHAR").toArray(String[]::new);
    ProtobufFields fields = fields(TYPE, columns);
    byte[] good = new byte[0];
    int rejected = 0;
    long most = 0;
    for (int i = 0; i < 100_000; i++) {
      if (i % 1_000 == 0) {
        good = new RandomMessages(random).next(ALL, 3).toByteArray();
      }
      byte[] message;
      if (i % 3 == 0) {
        message = new byte[random.nextInt(40)];
        random.nextBytes(message);
      } else {
        message = Arrays.copyOf(good, i % 3 == 1 ? random.nextInt(good.length + 1) : good.length);
        for (int n = random.nextInt(4); n > 0 && message.length > 0; n--) {
          message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      String error = fields.read(message);
      long taken = threads.getCurrentThreadAllocatedBytes() - before;
      if (i > 1000) {
        most = Math.max(most, taken - 100L * message.length);
      }
      assertThat(error == null || !error.isEmpty()).as("seed %d", seed).isTrue();
      rejected += error == null ? 0 : 1;
    }
    assertThat(rejected).isBetween(30_000, 99_999);
    assertThat(most).as("seed %d", seed).isLessThan(4 << 20);
  }

  @Test
  void messagesThatBecomeLargeAreRefused() {
    StringBuilder wide = new StringBuilder("syntax = 'proto3'; message W { repeated W w = 1;");
    for (int i = 2; i < 2_000; i++) {
      wide.append("int64 a_field_with_a_long_name_%d = %d;".formatted(i, i));
    }
    MessageType type = type(wide + "}", "W");
    byte[] many = new byte[1 << 20];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = 0x0a;
    }
    assertThat(requireNonNull(fields(type, "w VARCHAR").read(many)))
        .isEqualTo("not Protobuf of its schema: too many messages are in it");
    assertThat(requireNonNull(fields(type, "w VARCHAR").read(Arrays.copyOf(many, 4_000))))
        .isEqualTo("not Protobuf of its schema: its JSON is too long");
    assertThat(fields(type, "w VARCHAR").read(Arrays.copyOf(many, 200))).isNull();
    byte[] deep = bytes("0a00");
    for (int i = 0; i < 200; i++) {
      byte[] length =
          deep.length < 128
              ? new byte[] {(byte) deep.length}
              : new byte[] {(byte) (deep.length | 0x80), (byte) (deep.length >> 7)};
      deep = join(new byte[] {0x0a}, length, deep);
    }
    assertThat(fields(type, "w VARCHAR").read(deep))
        .isEqualTo("not Protobuf of its schema: messages are in each other more than 100 times");
    byte[] groups = new byte[100_000];
    for (int i = 0; i < groups.length; i += 2) {
      groups[i] = (byte) 0xa3;
      groups[i + 1] = 6;
    }
    assertThat(fields(TYPE, "s_bool BOOLEAN").read(groups)).contains("more than 100 times");
  }
}
