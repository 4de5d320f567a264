package io.headrace.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/**
 * Hashes a sequence of texts with SHA-256, cut to 128 bits. Each text is preceded by its length, so
 * that no two sequences look alike.
 */
public final class Hash {
  /** Length of a hash as text. */
  public static final int LENGTH = 32;

  private static final MessageDigest UNUSED = newDigest();

  private final MessageDigest digest = copyOf(UNUSED);

  /** Has Java load what hashes, which takes a while; whoever hashes first waits for it. */
  public static void prepare() {
    MessageDigest unused = copyOf(UNUSED);
  }

  /** Starts a hash of {@code kind}, which keeps hashes of different things apart. */
  public static Hash of(String kind) {
    return new Hash().add(kind);
  }

  public Hash add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
    return this;
  }

  /** Adds the number of texts and each of them. */
  public Hash addAll(Collection<String> texts) {
    add(String.valueOf(texts.size()));
    texts.forEach(this::add);
    return this;
  }

  /** The hash in lower-case hexadecimal digits. */
  public String text() {
    return HexFormat.of().formatHex(digest.digest(), 0, LENGTH / 2);
  }

  /** Cheaper than to ask for another. */
  private static MessageDigest copyOf(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      return newDigest();
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
