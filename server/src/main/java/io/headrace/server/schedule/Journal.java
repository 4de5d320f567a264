package io.headrace.server.schedule;

import io.headrace.catalog.Tick;
import io.headrace.error.HeadraceException;
import java.util.List;

/** Is told what schedules do, by any thread. Must not wait. */
public interface Journal {

  /** A tick was dealt with, or begins without what it waited for. */
  void dealtWith(String project, Tick tick);

  /** Something about a schedule, or about all if {@code schedule} is empty, does not work. */
  void failed(String project, String schedule, HeadraceException failure);

  /** Tells several, one after the other. */
  static Journal all(List<Journal> journals) {
    return new Journal() {
      @Override
      public void dealtWith(String project, Tick tick) {
        journals.forEach(journal -> journal.dealtWith(project, tick));
      }

      @Override
      public void failed(String project, String schedule, HeadraceException failure) {
        journals.forEach(journal -> journal.failed(project, schedule, failure));
      }
    };
  }
}
