package io.headrace.access;

import io.headrace.access.Users.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Browsers in which somebody has logged in. */
public interface Sessions {

  /** Begins a session of somebody whom another server knows. */
  void begin(Session session);

  /**
   * Begins a session of a user.
   *
   * @param user as he was when his password was compared
   * @return false if he was removed since, or has another password; then there is no session
   */
  boolean begin(Session session, User user);

  Optional<Session> find(String digest);

  /** Remembers that it was used. */
  void used(String digest, Instant now);

  /** Ends it; does nothing if it has ended. */
  void end(String digest);

  /** Ends all sessions of somebody; returns how many there were. */
  int endAll(String who);

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
