package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * One atomic move of an environment's pointers.
 *
 * @param id from 1, rising over all environments of a catalog
 * @param parent the commit before it in the same environment; 0 if it is the first
 * @param run the run that published it, if one did
 */
public record Commit(
    long id,
    String environment,
    long parent,
    String author,
    String message,
    Optional<String> run,
    Instant at) {
  public Commit {
    requireNonNull(environment, "environment is null");
    requireNonNull(author, "author is null");
    requireNonNull(message, "message is null");
    requireNonNull(run, "run is null");
    requireNonNull(at, "at is null");
  }

  /** The same commit with another message. */
  public Commit saying(String other) {
    return new Commit(id, environment, parent, author, other, run, at);
  }
}
