package io.headrace.run;

import io.headrace.engine.Engine;
import io.headrace.engine.Session;
import io.headrace.project.Isolation;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where tasks are built and checks are asked: what works in one session of an engine.
 *
 * @param builds has versions built there
 * @param checking asks checks there
 */
record Workbench(
    Bindings bindings, TaskBuilder builder, VersionBuilds builds, StagedChecks checking) {

  /** One in the engine of the context. */
  static Workbench of(RunContext context, StagedReads reads) {
    Bindings bindings = new Bindings(context.versions(), context.session());
    TaskBuilder builder = new TaskBuilder(context);
    return new Workbench(
        bindings,
        builder,
        new VersionBuilds(context, builder, bindings, reads),
        new StagedChecks(context, bindings));
  }

  /**
   * Makes one attempt in an engine that nobody else uses meanwhile, in a process of its own: that
   * of a failed attempt may be gone.
   *
   * @param wanted what is said of the process
   */
  static <T> T apart(
      RunContext context,
      StagedReads reads,
      Optional<Isolation> wanted,
      Consumer<RunEvent> told,
      Function<Workbench, T> work) {
    return context
        .slots()
        .holdProcess(
            () -> {
              try (Engine engine = context.workspace().startApart(wanted);
                  Session session = engine.open(context.workspace().root())) {
                return work.apply(of(context.once(engine, session, told), reads));
              }
            });
  }
}
