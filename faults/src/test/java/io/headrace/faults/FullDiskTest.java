package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.headrace.maintain.Doctor;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The command on disks that are really full: what DuckDB, SQLite and Iceberg each say then. */
@Order(5)
class FullDiskTest {
  private static final int DISK_BYTES = 16 << 20;
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private static TestProject numbers(TestProject project, int number) {
    return project.table(
        "numbers",
        "SELECT %d AS n, range AS i, hash(range + %d) AS h FROM range(40000)"
            .formatted(number, number));
  }

  private static TestProject project(Path root) {
    return new TestProject(root).table("sums", "SELECT sum(n) AS total, max(n) AS n FROM numbers");
  }

  @Test
  void aFullDiskIsAnErrorAndHurtsNothing() throws Exception {
    SmallDisk disk = new SmallDisk(folder);
    assumeThat(disk.mount(DISK_BYTES)).as("may mount a small disk").isTrue();
    try {
      TestProject project = project(folder.resolve("project"));
      int failures = 0;
      int[] kilobytesFree = {0, 16, 64, 128, 256, 400, 600, 900};
      int published = 0;
      build(numbers(project, 0));
      for (int i = 0; i < kilobytesFree.length; i++) {
        numbers(project, i + 1);
        disk.leave(kilobytesFree[i] << 10);
        boolean failed = failsOrPublishes(runChild(project), kilobytesFree[i] + " kB free");
        failures += failed ? 1 : 0;
        disk.free();
        published = failed ? published : i + 1;
        assertHolds(project, published);
        build(project);
        published = i + 1;
        assertHolds(project, published);
      }
      assertThat(failures).isGreaterThan(2);
    } finally {
      disk.unmount();
    }
  }

  @Test
  void aLimitOnFilesIsAnErrorAndHurtsNothing() throws Exception {
    TestProject project = project(folder);
    build(numbers(project, 0));
    int failures = 0;
    int published = 0;
    int[] blocks = {1, 64, 256, 512, 1024};
    for (int i = 0; i < blocks.length; i++) {
      numbers(project, i + 1);
      Child limited =
          ChildJvms.prepared()
              .startAfter("ulimit -f " + blocks[i], project.root(), MAIN, "run", "--quiet");
      boolean failed = failsOrPublishes(limited, "limit of %d blocks".formatted(blocks[i]));
      failures += failed ? 1 : 0;
      published = failed ? published : i + 1;
      assertHolds(project, published);
      build(project);
      published = i + 1;
      assertHolds(project, published);
    }
    assertThat(failures).isGreaterThan(1);
  }

  @Test
  void aFolderThatCannotBeMadeIsAnError() throws Exception {
    TestProject project = project(folder);
    build(numbers(project, 0));
    project.table("fresh", "SELECT n FROM sums");
    Files.createDirectories(project.warehouse());
    Files.writeString(project.warehouse().resolve("fresh"), "in the way");
    assertThat(failsOrPublishes(runChild(project), "a file in the way")).isTrue();
    assertHolds(project, 0);
    Files.delete(project.warehouse().resolve("fresh"));
    build(project);
    assertHolds(project, 0);
  }

  private static final String MAIN = "io.headrace.cli.Main";

  private static Child runChild(TestProject project) {
    return ChildJvms.prepared().start(project.root(), MAIN, "run", "--quiet");
  }

  /** Whether the command failed; if so, with words of use. */
  private static boolean failsOrPublishes(Child child, String how) {
    try (child) {
      int code = child.finish();
      String errors = child.errors();
      assertThat(code).as("%s: %s", how, errors).isIn(0, 1);
      if (code == 1) {
        assertThat(errors).as(how).contains("error: ").contains("hint: ");
        assertThat(errors)
            .as(how)
            .doesNotContain("\tat ", "Exception", "defect", "has no words for");
      }
      return code == 1;
    }
  }

  private static void build(TestProject project) {
    try (Workspace workspace = project.open(TestProject.Parts.USUAL.with(LATER))) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
    }
  }

  private static void assertHolds(TestProject project, int number) {
    try (Workspace workspace = project.open()) {
      assertThat(TestProject.value(workspace, "SELECT n FROM sums")).isEqualTo(number);
      assertThat(TestProject.value(workspace, "SELECT max(n) FROM numbers")).isEqualTo(number);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();
    }
  }
}
