package io.headrace.run;

import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.graph.Failures;
import io.headrace.graph.Node;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.project.Task;
import io.headrace.run.TaskBuilder.Made;
import io.headrace.table.TableName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Builds versions, one builder for each fingerprint: takes the lease, has the version computed
 * within its slots, its time and its attempts, and keeps it. Safe for many threads.
 */
final class VersionBuilds {
  private static final Duration LEASE_POLL = Duration.ofMillis(100);

  private final RunContext context;
  private final TaskBuilder builder;
  private final Bindings bindings;
  private final ItemBuilds items;
  private final BackfillBuilds backfills;
  private final ExternalBuilds externals;

  VersionBuilds(RunContext context, TaskBuilder builder, Bindings bindings, StagedReads reads) {
    this.context = context;
    this.builder = builder;
    this.bindings = bindings;
    PartBuilds parts = new PartBuilds(context, this);
    this.items = new ItemBuilds(context, this, parts);
    this.backfills = new BackfillBuilds(context, this, parts);
    this.externals = new ExternalBuilds(context, this, builder, reads);
  }

  /**
   * Builds, or waits for another process that does; the wait is not part of the time that a build
   * may take.
   *
   * @param inputs version by table, for all inputs of the node
   * @param refresh whether a version that is there does not count
   * @param reason why it is built, in words
   * @param workers may do a share of the work
   */
  Made buildOrShare(
      Node node,
      Resolved resolved,
      Map<TableName, String> inputs,
      boolean refresh,
      String reason,
      Executor workers) {
    boolean told = false;
    while (!context.leases().tryAcquire(resolved.fingerprint())) {
      if (!told) {
        context.events().accept(new RunEvent.TaskWaiting(node.name()));
        told = true;
      }
      waitForLease();
    }
    try {
      Optional<Version> there =
          refresh
              ? Optional.empty()
              : context
                  .workspace()
                  .catalog()
                  .versions()
                  .findBuilt(resolved.fingerprint())
                  .flatMap(context.workspace().catalog().versions()::find);
      if (there.isPresent()) {
        return new Made(there.get(), false, "");
      }
      Optional<Backfill> wanted =
          context.backfill().filter(b -> refresh && b.table().equals(node.name()));
      String why =
          wanted.map(b -> "backfill from %s to %s".formatted(b.from(), b.to())).orElse(reason);
      context.events().accept(new RunEvent.TaskStarted(node.name(), why));
      inputs.forEach(bindings::bind);
      long bytes = resolved.sizeOfFiles() + bindings.bytes(inputs.keySet());
      Optional<Version> before =
          context
              .plan()
              .base()
              .version(node.name())
              .flatMap(context.workspace().catalog().versions()::find);
      if (wanted.isPresent()) {
        return backfills.build(node, resolved, before, wanted.get(), bytes, workers);
      }
      if (node.fanout().isPresent()) {
        TaskBuilder.Assembly assembly =
            items.build(node, resolved, before, refresh, bytes, workers);
        return put(node, resolved, before, refresh, assembly);
      }
      if (node.task().body() instanceof Task.External external) {
        return externals.build(node, external, resolved, before, refresh);
      }
      return attempt(
          node,
          "",
          bytes,
          limited -> builder.compute(node, resolved, before, refresh, limited),
          builder::keep);
    } finally {
      context.leases().release(resolved.fingerprint());
    }
  }

  /** Puts a version together from what is durable already, and keeps it. */
  Made put(
      Node node,
      Resolved resolved,
      Optional<Version> before,
      boolean refresh,
      TaskBuilder.Assembly assembly) {
    return builder.keep(
        context
            .slots()
            .hold(
                assembly.comparedBytes(),
                () ->
                    builder.assemble(node, resolved, before, refresh, assembly, context.cancel())));
  }

  /** Pauses before a lease that another process holds is asked for again. */
  void waitForLease() {
    context.pause().waitFor(LEASE_POLL, context.cancel());
  }

  /** What the engine does for a task, in limited time. */
  @FunctionalInterface
  interface Computation<C> {
    C compute(Cancellation limited);
  }

  /** What is done with it, for which no slot is held. */
  @FunctionalInterface
  interface Keeping<C, T> {
    T keep(C computed);
  }

  /**
   * Computes and keeps, as often as the task may try.
   *
   * @param part what of the task it is, in words; empty if all of it
   * @param bytes the size of the files that are read
   */
  <C, T> T attempt(
      Node node, String part, long bytes, Computation<C> computation, Keeping<C, T> keeping) {
    return retrying(
        node,
        part,
        () -> keeping.keep(context.slots().hold(bytes, () -> within(node, computation))));
  }

  /** Does something for a task, as often as the task may try. */
  <T> T retrying(Node node, String part, Supplier<T> work) {
    return context
        .attempts()
        .run(
            work,
            context.retries(node),
            context.cancel(),
            (attempt, failure) ->
                context
                    .events()
                    .accept(
                        new RunEvent.TaskRetried(
                            node.name(),
                            attempt,
                            (part.isEmpty() ? "" : part + ": ")
                                + Failures.message(node, failure))));
  }

  /** Does something for a task in the time that one attempt may take. */
  <C> C within(Node node, Computation<C> computation) {
    return context
        .attempts()
        .within(context.limits(node).timeout(), context.cancel(), computation::compute);
  }

  /** How many computations there can be at the same time. */
  int parallelism() {
    return context.slots().count();
  }
}
