package io.headrace.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** People with passwords. */
public interface Users {

  /** All users by name. */
  List<User> list();

  Optional<User> find(String name);

  /**
   * Adds a user.
   *
   * @throws io.headrace.error.ConflictException if the name is taken
   */
  void add(User user);

  /**
   * Changes a password, and ends the sessions of the user.
   *
   * @return whether there is such a user
   */
  boolean changePassword(String name, String hash, Instant now);

  /**
   * Keeps another hash of the same password.
   *
   * @param before nothing is changed unless this is still the hash
   */
  void rehash(String name, String before, String hash);

  /** Removes a user, with his sessions and tokens; returns whether there was one. */
  boolean remove(String name);

  /**
   * A user.
   *
   * @param hash of the password, with how it was made
   * @param changedAt when the password was last changed
   */
  record User(String name, String hash, Instant createdAt, Instant changedAt) {}
}
