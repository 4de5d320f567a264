package io.headrace.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class GunzipTest {
  private static byte[] packed(byte[]... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(part);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] unpacked(byte[] packed) throws IOException {
    try (Gunzip in = new Gunzip(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(7).nextBytes(bytes);
    return bytes;
  }

  @Test
  void unpacksAllParts() throws IOException {
    byte[] text = new byte[100_000];
    Arrays.fill(text, (byte) 'a');
    assertThat(unpacked(packed(text, new byte[0], random(100_000))))
        .startsWith(text)
        .endsWith(random(100_000))
        .hasSize(200_000);
  }

  /** Java's own stream needs a part of its stack for each. */
  @Test
  void takesAnyNumberOfPartsThatUnpackToNothing() throws IOException {
    byte[] nothing = packed(new byte[0]);
    byte[] many = new byte[nothing.length * 200_000];
    for (int i = 0; i < many.length; i += nothing.length) {
      System.arraycopy(nothing, 0, many, i, nothing.length);
    }
    assertThat(unpacked(many)).isEmpty();
  }

  @Test
  void noticesWhatIsCutOffOrDamaged() throws IOException {
    byte[] whole = packed(random(1000));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> unpacked(cut))
          .as(length + " bytes")
          .isInstanceOf(EOFException.class);
    }
    for (int i = whole.length - 8; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      assertThatThrownBy(() -> unpacked(damaged)).isInstanceOf(ZipException.class);
    }
  }

  @Test
  void endsBehindSoManyBytes() throws IOException {
    byte[] packed = packed(new byte[1000]);
    try (InputStream in =
        new BoundedStream(new Gunzip(new ByteArrayInputStream(packed)), 999, "too many")) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(BoundedStream.TooLargeException.class)
          .hasMessage("too many");
    }
    try (InputStream in =
        new BoundedStream(new Gunzip(new ByteArrayInputStream(packed)), 1000, "too many")) {
      assertThat(in.readAllBytes()).hasSize(1000);
    }
  }
}
