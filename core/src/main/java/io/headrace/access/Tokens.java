package io.headrace.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What programs show to be let in. */
public interface Tokens {

  /** All tokens by name. */
  List<Token> list();

  Optional<Token> find(String digest);

  /** The tokens of somebody by name. */
  List<Token> of(String owner);

  /**
   * Adds a token.
   *
   * @throws io.headrace.error.ConflictException if the name is taken, or the owner is a user who is
   *     not there any more
   */
  void add(Token token);

  /** Remembers that it was used. */
  void used(String digest, Instant now);

  /** Removes a token; returns whether there was one. */
  boolean revoke(String name);

  /** Removes all tokens of somebody; returns how many there were. */
  int revokeAll(String owner);

  /** Says anew in which groups somebody is; nothing changes for whom that holds already. */
  void regroup(Person owner);

  /**
   * A token.
   *
   * @param name of one that has an owner: {@link Owner#token}
   * @param digest of what its owner has
   * @param expiresAt from when on it is worth nothing; empty for never
   * @param owner whose rights it has; empty if it has those of its own name
   */
  record Token(
      String name,
      String digest,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> usedAt,
      Optional<Owner> owner) {
    /** One of nobody. */
    public Token(
        String name,
        String digest,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> usedAt) {
      this(name, digest, createdAt, expiresAt, usedAt, Optional.empty());
    }

    public boolean isGood(Instant now) {
      return expiresAt.map(now::isBefore).orElse(true);
    }
  }

  /**
   * Whose a token is. It may do what he may when it is used, as far as the role goes.
   *
   * @param role that it has at most
   */
  record Owner(Person person, Role role) {
    /** What the token is called everywhere: names of users and tokens have no slash. */
    public String token(String name) {
      return person.name() + "/" + name;
    }
  }
}
