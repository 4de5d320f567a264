package io.headrace.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** What lets somebody in, made of 256 random bits, and what is kept of it. */
public final class Secret {
  /** What a token of the API begins with, so that it is found where it should not be. */
  private static final String TOKEN = "hrt_";

  private static final String USE_TOKEN = "token";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  private Secret() {}

  /** A new one, safe in addresses and cookies. */
  static String make() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A new token of the API. */
  public static String newToken() {
    return TOKEN + make();
  }

  /** What is kept of a token. */
  public static String tokenDigest(String token) {
    return digest(USE_TOKEN, token);
  }

  /**
   * What is kept of one. A single hash is enough: nobody tries 256 bits out.
   *
   * @param use keeps digests of different uses apart
   */
  static String digest(String use, String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((use + ":" + secret).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Whether two texts are the same, in a time that does not tell where they differ. */
  static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
