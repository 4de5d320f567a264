package io.headrace.run;

import io.headrace.catalog.Part;
import io.headrace.catalog.Parts;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Node;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.plan.TornReads;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionSet;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Builds the parts of a version, several at a time, each made durable and recorded by itself: so
 * that an end before the version is finished costs the parts that were not finished, and nothing
 * else. One builder for each part, over all processes. Safe for many threads.
 */
final class PartBuilds {
  private final RunContext context;
  private final VersionBuilds builds;

  PartBuilds(RunContext context, VersionBuilds builds) {
    this.context = context;
    this.builds = builds;
  }

  /**
   * A part that is to be made.
   *
   * @param node the table's, with the query of the part
   * @param name what it is, in words
   * @param partitions present if only these are made of what the query returns
   */
  record Wanted(
      Node node, String name, String fingerprint, Query query, Optional<PartitionSet> partitions) {}

  /**
   * The parts of one version.
   *
   * @param draft of the version
   * @param columns what the query of each part must return
   * @param files that are read, and must not change meanwhile
   * @param bytes the size of all that is read
   * @param kept how many parts of the table need not be made
   * @param again whether a part that is there does not count
   */
  record Order(
      List<Wanted> parts,
      TableStore.Draft draft,
      List<Column> columns,
      List<Identified> files,
      long bytes,
      int kept,
      boolean again) {}

  /**
   * What came of an order.
   *
   * @param files of all parts
   * @param reused how many parts were there
   */
  record Done(List<DataFile> files, int reused) {}

  /**
   * Makes the parts.
   *
   * @param workers may help; the caller's thread works too, so that it never waits for a free one
   * @throws HeadraceException that names a part which failed; those that did not are kept
   */
  Done build(Order order, Executor workers) {
    List<Wanted> parts = order.parts();
    List<String> fingerprints = parts.stream().map(Wanted::fingerprint).toList();
    Map<String, Part> there =
        order.again()
            ? Map.of()
            : catalog().use(fingerprints, context.run(), context.workspace().clock().instant());
    PartQueue queue = new PartQueue(parts, order.kept(), context.events(), context.cancel());
    int helpers = Math.min(parts.size(), builds.parallelism()) - 1;
    for (int i = 0; i < helpers; i++) {
      workers.execute(() -> queue.work(part -> one(order, part, there)));
    }
    return queue.finish(part -> one(order, part, there));
  }

  private PartQueue.Result one(Order order, Wanted part, Map<String, Part> there) {
    Optional<List<DataFile>> files =
        Optional.ofNullable(there.get(part.fingerprint())).flatMap(found -> files(order, found));
    return files
        .map(found -> new PartQueue.Result(found, true))
        .orElseGet(() -> makeOrShare(order, part));
  }

  private PartQueue.Result makeOrShare(Order order, Wanted part) {
    while (!context.leases().tryAcquire(part.fingerprint())) {
      builds.waitForLease();
    }
    try {
      // Whoever had the lease may have finished it.
      Optional<List<DataFile>> there =
          order.again()
              ? Optional.empty()
              : catalog()
                  .use(
                      List.of(part.fingerprint()),
                      context.run(),
                      context.workspace().clock().instant())
                  .values()
                  .stream()
                  .findFirst()
                  .flatMap(found -> files(order, found));
      if (there.isPresent()) {
        return new PartQueue.Result(there.get(), true);
      }
      // Which part of its inputs it reads is not known; if that is more than its share and the
      // memory does not suffice, it is built again by itself.
      long share = order.bytes() / Math.max(1, order.parts().size());
      List<DataFile> made =
          builds.attempt(
              part.node(),
              part.name(),
              share,
              limited -> compute(order, part, limited),
              written -> keep(order, part, written));
      return new PartQueue.Result(made, false);
    } finally {
      context.leases().release(part.fingerprint());
    }
  }

  private List<DataFile> compute(Order order, Wanted part, Cancellation limited) {
    if (!context.session().describe(part.query(), limited).equals(order.columns())) {
      throw new HeadraceException(
          "its columns are not those of the others", "Name the columns, and convert them");
    }
    List<DataFile> written =
        context
            .session()
            .write(part.query(), part.partitions().stream().toList(), partDraft(order), limited);
    Optional<String> torn = TornReads.find(context.workspace().root(), part.node(), order.files());
    if (torn.isPresent()) {
      context.workspace().tables().discard(written);
      throw new HeadraceException(torn.get(), "Let its writer finish, and run again");
    }
    return written;
  }

  private List<DataFile> keep(Order order, Wanted part, List<DataFile> written) {
    TableStore.Draft draft = partDraft(order);
    String location = context.workspace().tables().commit(draft, written);
    long rows = written.stream().mapToLong(DataFile::rowCount).sum();
    boolean recorded =
        catalog()
            .record(
                new Part(part.fingerprint(), draft.table(), location, rows),
                context.run(),
                context.workspace().clock().instant());
    if (!recorded) {
      throw new HeadraceException(
          "another process took it over, because this one did not answer for too long",
          "Run again: what the other process built is reused");
    }
    return written;
  }

  /** A part follows on no version, so that none has to be read for it. */
  private static TableStore.Draft partDraft(Order order) {
    TableStore.Draft draft = order.draft();
    return new TableStore.Draft(
        draft.table(), Optional.empty(), draft.schema(), draft.partitioning(), draft.dataFolder());
  }

  /** The files of a part that is there, if they are whole and of the draft's columns. */
  private Optional<List<DataFile>> files(Order order, Part part) {
    try {
      TableData data = context.workspace().tables().load(part.metadataLocation());
      boolean fits =
          data.schema().columns().equals(order.draft().schema().columns())
              && data.partitioning().equals(order.draft().partitioning());
      for (DataFile file : data.files()) {
        fits = fits && Files.size(Path.of(file.path())) == file.sizeBytes();
      }
      return fits ? Optional.of(data.files()) : Optional.empty();
    } catch (HeadraceException | IOException e) {
      // Damaged or gone: then it is made again.
      return Optional.empty();
    }
  }

  private Parts catalog() {
    return context.workspace().catalog().parts();
  }
}
