package io.headrace.faults;

import io.headrace.run.RunEvent;
import io.headrace.run.RunResult;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Edits and publishes its own table, over and over, in a working copy of its own.
 *
 * <p>Arguments: the folder, the number of the table, how many commits.
 */
public final class Publisher {
  /** How many tables there are that add up what several publishers publish. */
  static final int TOTALS = 4;

  private Publisher() {}

  /** Publishes, and prints each commit that was acknowledged. */
  public static void main(String[] args) {
    TestProject project = new TestProject(Path.of(args[0]));
    String own = "own" + args[1];
    AtomicInteger conflicts = new AtomicInteger();
    try (Workspace workspace = project.open()) {
      for (int i = 1; i <= Integer.parseInt(args[2]); i++) {
        project.write("tables/" + own + ".csv", "n\n" + i + "\n");
        RunResult result =
            new TestRun()
                .select(own, "total" + Integer.parseInt(args[1]) % TOTALS)
                .jobs(1)
                .message(own + " is " + i)
                .listener(
                    event -> {
                      if (event instanceof RunEvent.Conflicted) {
                        conflicts.incrementAndGet();
                      }
                    })
                .in(workspace);
        System.out.println("acknowledged " + result.commit().orElseThrow());
      }
    }
    System.out.println("conflicts " + conflicts);
  }
}
