package io.headrace.server.route;

import io.headrace.access.Role;

/**
 * What somebody has to be for a route to answer. If he may not even know that something is there,
 * there is no such thing for him.
 */
public sealed interface Need {

  /** Nothing: anybody may ask. */
  record Nothing() implements Need {
    @Override
    public String toString() {
      return "nothing";
    }
  }

  /** To be known. What is answered is only what he may see. */
  record Known() implements Need {
    @Override
    public String toString() {
      return "to be known";
    }
  }

  /** A role on all of the server. */
  record OnServer(Role role) implements Need {
    @Override
    public String toString() {
      return role + " of the server";
    }
  }

  /** To see something of the project that the path names. */
  record OnProject() implements Need {
    @Override
    public String toString() {
      return "viewer of the project";
    }
  }

  /** To be somebody from whom nothing in the project is kept, in no environment. */
  record Whole() implements Need {
    @Override
    public String toString() {
      return "sees all rows of all environments";
    }
  }

  /** Something in an environment. */
  record In(Act act, Where where) implements Need {
    @Override
    public String toString() {
      return act.text + " " + where;
    }
  }

  /** To see an environment wholly, whose tables come into another. */
  record Take(Where from, Where to) implements Need {
    @Override
    public String toString() {
      return "sees all of " + from;
    }
  }

  /** What is done in an environment. */
  enum Act {
    /** Sees some of its tables. */
    SEE("viewer of"),
    /** Sees all tables, and with them what their code says. */
    SEE_CODE("sees all tables of"),
    /** Sees all there is, and with it texts that may hold any of it. */
    SEE_TEXTS("sees all rows of"),
    /** Builds some tables. */
    RUN("runs in"),
    /** Changes it as a whole. */
    CHANGE("changes"),
    /** Says what schedules do in it. */
    OPERATE("operator of");

    private final String text;

    Act(String text) {
      this.text = text;
    }
  }

  static Need in(Act act, Where where) {
    return new In(act, where);
  }

  static Need see(Where where) {
    return new In(Act.SEE, where);
  }
}
