package io.headrace.trigger;

import io.headrace.catalog.Catalog;
import java.util.Optional;

/** Knows other projects, whose tables schedules watch and wait for. */
@FunctionalInterface
public interface Upstreams {
  /** One that knows none. */
  Upstreams NONE = project -> Optional.empty();

  /** The catalog of a project, if it is known here. */
  Optional<Catalog> catalog(String project);
}
