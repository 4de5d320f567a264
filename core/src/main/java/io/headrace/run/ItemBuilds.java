package io.headrace.run;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.fanout.Item;
import io.headrace.fanout.Items;
import io.headrace.fingerprint.ItemFingerprints;
import io.headrace.graph.Node;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.run.PartBuilds.Done;
import io.headrace.run.PartBuilds.Order;
import io.headrace.run.PartBuilds.Wanted;
import io.headrace.run.TaskBuilder.Assembly;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Builds tables that are made item by item: finds the items, keeps those of the version before that
 * would be made as they are, and makes a part for each of the others. Safe for many threads.
 */
final class ItemBuilds {
  private final RunContext context;
  private final VersionBuilds builds;
  private final PartBuilds parts;

  ItemBuilds(RunContext context, VersionBuilds builds, PartBuilds parts) {
    this.context = context;
    this.builds = builds;
    this.parts = parts;
  }

  /** What there is to make. */
  private record Found(Items items, List<Column> columns) {}

  /**
   * Makes the files of a version. Its inputs are bound in the session.
   *
   * @param before the version that it will replace
   * @param refresh whether nothing that is there counts
   * @param bytes the size of what is read
   */
  Assembly build(
      Node node,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh,
      long bytes,
      Executor workers) {
    Found found = builds.attempt(node, "foreach", 0, limited -> find(node, limited), done -> done);
    TableStore.Draft draft =
        context
            .workspace()
            .tables()
            .draft(
                node.name(),
                before.map(Version::metadataLocation),
                found.columns(),
                found.items().partitioning(),
                node.task().configuration().renamed());
    ItemFingerprints fingerprints = new ItemFingerprints(node, resolved.recipe(), context.run());
    List<DataFile> old = before.flatMap(version -> filesOf(version, draft)).orElse(List.of());
    boolean keeps =
        !refresh && before.filter(version -> fingerprints.isAsIn(version.recipe())).isPresent();
    Map<List<Optional<String>>, List<DataFile>> there = keeps ? byPartition(old) : Map.of();
    List<DataFile> kept = new ArrayList<>();
    List<Wanted> wanted = new ArrayList<>();
    List<Item> items = found.items().list();
    for (Item item : items) {
      List<DataFile> files = there.get(item.partition());
      if (files == null) {
        String fingerprint = fingerprints.of(item.byName());
        wanted.add(
            new Wanted(item.node(), item.toString(), fingerprint, item.query(), Optional.empty()));
      } else {
        kept.addAll(files);
      }
    }
    int keptItems = items.size() - wanted.size();
    Done done =
        parts.build(
            new Order(wanted, draft, found.columns(), resolved.files(), bytes, keptItems, refresh),
            workers);
    Set<DataFile> keptFiles = Collections.newSetFromMap(new IdentityHashMap<>());
    keptFiles.addAll(kept);
    List<DataFile> replaced = old.stream().filter(file -> !keptFiles.contains(file)).toList();
    return new Assembly(
        draft,
        new RowWriter.Rows(kept, Optional.of(replaced), done.files(), false),
        words(wanted.size() - done.reused(), items.size()));
  }

  private Found find(Node node, Cancellation cancel) {
    Items items = Items.read(node, context.session(), cancel);
    return new Found(items, items.describeTable(context.session(), cancel));
  }

  private static String words(int made, int all) {
    String items = all == 1 ? "1 item" : all + " items";
    return made == all ? items : "%d of %s".formatted(made, items);
  }

  /** The files of a version, if they could be the draft's; else there is nothing to start from. */
  private Optional<List<DataFile>> filesOf(Version version, TableStore.Draft draft) {
    try {
      TableData data = context.workspace().tables().load(version.metadataLocation());
      return data.schema().equals(draft.schema())
              && data.partitioning().equals(draft.partitioning())
          ? Optional.of(data.files())
          : Optional.empty();
    } catch (HeadraceException e) {
      return Optional.empty();
    }
  }

  private static Map<List<Optional<String>>, List<DataFile>> byPartition(List<DataFile> files) {
    Map<List<Optional<String>>, List<DataFile>> byPartition = new HashMap<>();
    for (DataFile file : files) {
      byPartition.computeIfAbsent(file.partition(), values -> new ArrayList<>()).add(file);
    }
    return byPartition;
  }
}
