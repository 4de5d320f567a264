package io.headrace.access;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a server's {@code access.yaml} says.
 *
 * @param protectedEnvironments environments that only operators change
 * @param idle a session ends when nobody used it for so long
 * @param longest a session ends when it is so old
 * @param keep how long the audit log remembers
 */
public record AccessRules(
    List<Grant> grants,
    Names protectedEnvironments,
    List<RowFilter> filters,
    List<Mask> masks,
    Optional<Oidc> oidc,
    Duration idle,
    Duration longest,
    Duration keep) {
  /** Lets nobody in. */
  public static final AccessRules NONE =
      new AccessRules(
          List.of(),
          new Names(List.of("main")),
          List.of(),
          List.of(),
          Optional.empty(),
          Duration.ofHours(8),
          Duration.ofDays(7),
          Duration.ofDays(365));

  public AccessRules {
    grants = List.copyOf(grants);
    filters = List.copyOf(filters);
    masks = List.copyOf(masks);
    requireNonNull(oidc, "oidc is null");
  }

  /** What somebody may do who has all of these names: his own, and those of his groups. */
  public Rights rightsOf(Set<String> who) {
    return new Rights(this, who);
  }
}
