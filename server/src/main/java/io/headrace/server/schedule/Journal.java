package io.headrace.server.schedule;

import io.headrace.catalog.Tick;
import io.headrace.error.HeadraceException;

/** Is told what schedules do, by any thread. Must not wait. */
public interface Journal {

  /** A tick was dealt with. */
  void dealtWith(String project, Tick tick);

  /** Something about a schedule, or about all if {@code schedule} is empty, does not work. */
  void failed(String project, String schedule, HeadraceException failure);
}
