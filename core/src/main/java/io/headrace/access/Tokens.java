package io.headrace.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What programs show to be let in. */
public interface Tokens {

  /** All tokens by name. */
  List<Token> list();

  Optional<Token> find(String digest);

  /**
   * Adds a token.
   *
   * @throws io.headrace.error.ConflictException if the name is taken
   */
  void add(Token token);

  /** Remembers that it was used. */
  void used(String digest, Instant now);

  /** Removes a token; returns whether there was one. */
  boolean revoke(String name);

  /**
   * A token.
   *
   * @param digest of what its owner has
   * @param expiresAt from when on it is worth nothing; empty for never
   */
  record Token(
      String name,
      String digest,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> usedAt) {
    public boolean isGood(Instant now) {
      return expiresAt.map(now::isBefore).orElse(true);
    }
  }
}
