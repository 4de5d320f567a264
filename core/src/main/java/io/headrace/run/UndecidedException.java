package io.headrace.run;

import io.headrace.error.HeadraceException;
import io.headrace.plan.Plan.Planned;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The code of incremental tables changed, and nobody said whether their rows are made again or stay
 * as they are. Nothing was done.
 */
public final class UndecidedException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  private final transient List<Planned> tasks;

  public UndecidedException(List<Planned> tasks) {
    super(
        "Cannot run: the code of %s changed, and what becomes of the rows there is not decided"
            .formatted(
                tasks.stream()
                    .map(
                        t ->
                            "'%s' (%,d rows)"
                                .formatted(t.node().name(), t.rowsOfOtherCode().orElse(0L)))
                    .collect(Collectors.joining(", "))),
        "`--refresh=%1$s` makes them again by the new code; `--forward=%1$s` keeps them and applies it to new rows only"
            .formatted(
                tasks.stream()
                    .map(t -> t.node().name().toString())
                    .collect(Collectors.joining(","))));
    this.tasks = List.copyOf(tasks);
  }

  /** The tables in question. */
  public List<Planned> tasks() {
    return tasks;
  }

  @Override
  public int exitCode() {
    return 2;
  }
}
