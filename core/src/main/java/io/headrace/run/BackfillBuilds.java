package io.headrace.run;

import io.headrace.catalog.Version;
import io.headrace.engine.Query;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Node;
import io.headrace.identity.FileIdentifier.Identified;
import io.headrace.identity.Hash;
import io.headrace.plan.Queries;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.run.BackfillPlan.Chunk;
import io.headrace.run.PartBuilds.Done;
import io.headrace.run.PartBuilds.Order;
import io.headrace.run.PartBuilds.Wanted;
import io.headrace.run.TaskBuilder.Assembly;
import io.headrace.run.TaskBuilder.Made;
import io.headrace.table.Column;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Computes some partitions of a version again, chunk by chunk, and keeps the others. That is only
 * done to a version that is what its recipe says, but for what was promised and not kept: the
 * partitions beside would otherwise be of other code or other inputs than those of the range.
 */
final class BackfillBuilds {
  private final RunContext context;
  private final VersionBuilds builds;
  private final PartBuilds parts;

  BackfillBuilds(RunContext context, VersionBuilds builds, PartBuilds parts) {
    this.context = context;
    this.builds = builds;
    this.parts = parts;
  }

  /** Somebody may have published since the backfill was planned. */
  private void requireUpToDate(Node node, Optional<Version> before, Resolved now) {
    boolean isUpToDate =
        before
            .filter(
                version ->
                    version.recipe().equals(now.recipe())
                        || context
                            .workspace()
                            .catalog()
                            .versions()
                            .findBuilt(now.fingerprint())
                            .equals(Optional.of(version.id())))
            .isPresent();
    if (!isUpToDate) {
      throw notUpToDate(node, "its inputs have changed");
    }
  }

  static HeadraceException notUpToDate(Node node, String reason) {
    return new HeadraceException(
        "Cannot backfill '%s', as its other partitions could not stay: %s"
            .formatted(node.name(), reason),
        "Run `headrace run %s` first".formatted(node.name()));
  }

  /**
   * Makes a version. Its inputs are bound in the session.
   *
   * @param before the version whose partitions are computed again
   * @param bytes the size of what is read
   */
  Made build(
      Node node,
      Resolved resolved,
      Optional<Version> before,
      Backfill backfill,
      long bytes,
      Executor workers) {
    requireUpToDate(node, before, resolved);
    Version old = before.orElseThrow();
    Query query = Queries.rows(node, resolved.files().stream().map(Identified::file).toList());
    List<Column> columns =
        builds.attempt(
            node, "", 0, limited -> context.session().describe(query, limited), found -> found);
    TableStore.Draft draft =
        context
            .workspace()
            .tables()
            .draft(
                node.name(),
                Optional.of(old.metadataLocation()),
                columns,
                node.task().configuration().partitionBy(),
                node.task().configuration().renamed());
    TableData data = context.workspace().tables().load(old.metadataLocation());
    if (!data.schema().equals(draft.schema())
        || !data.partitioning().equals(draft.partitioning())) {
      throw notUpToDate(node, "its columns have changed");
    }
    BackfillPlan plan = BackfillPlan.of(backfill, data);
    List<Wanted> wanted =
        plan.chunks().stream().map(chunk -> wanted(node, resolved, old, chunk, query)).toList();
    Done done =
        parts.build(new Order(wanted, draft, columns, resolved.files(), bytes, 0, false), workers);
    Made made =
        builds.put(
            node,
            resolved,
            before,
            true,
            new Assembly(
                draft,
                new RowWriter.Rows(plan.kept(), Optional.of(plan.replaced()), done.files(), false),
                plan.range().toString()));
    if (made.isSame()) {
      // The base stays, and the parts would be taken for those of the next backfill.
      List<String> fingerprints = wanted.stream().map(Wanted::fingerprint).toList();
      context.workspace().catalog().parts().forget(fingerprints);
    }
    return made;
  }

  /**
   * The base is a part of the fingerprint: when the backfill is published, the next one of the same
   * range computes everything again.
   */
  private static Wanted wanted(
      Node node, Resolved resolved, Version base, Chunk chunk, Query query) {
    String fingerprint =
        Hash.of("backfill")
            .add(resolved.fingerprint())
            .add(base.id())
            .add(chunk.range().field().toString())
            .add(chunk.range().from())
            .add(chunk.range().to())
            .add(String.valueOf(chunk.range().isClosed()))
            .text();
    return new Wanted(
        node, chunk.range().toString(), fingerprint, query, Optional.of(chunk.range()));
  }
}
