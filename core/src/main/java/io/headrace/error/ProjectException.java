package io.headrace.error;

import java.util.List;

/** The project has mistakes, all of them found in one go and in the order of their places. */
public final class ProjectException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** Takes one or more problems. */
  public ProjectException(List<Problem> problems) {
    super(describe(problems), "");
    this.problems = problems.stream().sorted().toList();
  }

  public List<Problem> problems() {
    return problems;
  }

  private static String describe(List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("problems is empty");
    }
    StringBuilder text = new StringBuilder();
    for (Problem problem : problems.stream().sorted().toList()) {
      text.append(text.isEmpty() ? "" : "\n").append(problem.at()).append(": ");
      text.append(problem.message());
    }
    return text.toString();
  }
}
