package io.headrace.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Browsers in which somebody has logged in. */
public interface Sessions {

  void begin(Session session);

  Optional<Session> find(String digest);

  /** Remembers that it was used. */
  void used(String digest, Instant now);

  /** Ends it; does nothing if it has ended. */
  void end(String digest);

  /** Forgets those that began before a time, or were not used since another. */
  void forget(Instant begun, Instant used);

  /**
   * A session.
   *
   * @param digest of what the browser has
   * @param who logged in: {@code ada}, or {@code oidc:NAME}
   * @param groups that another server said he is in
   */
  record Session(String digest, String who, List<String> groups, Instant begunAt, Instant usedAt) {
    public Session {
      groups = List.copyOf(groups);
    }
  }
}
