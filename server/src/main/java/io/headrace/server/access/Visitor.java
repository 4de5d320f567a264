package io.headrace.server.access;

import io.headrace.access.Person;
import io.headrace.access.Rights;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Who asks.
 *
 * @param name who he is: {@code ada}, {@code token:ci} or {@code oidc:NAME}; what he publishes has
 *     it as its author
 * @param form what a form has to send back that was made for him; empty if he has no session
 * @param person whose session or token it is; empty if the token is one of nobody
 */
public record Visitor(String name, Rights rights, String form, Optional<Person> person) {
  private static final String ATTRIBUTE = "visitor";
  private static final String WELCOME = "welcome";

  /** Anybody on this machine, if nobody said who may do what: nothing is kept from him. */
  static final Visitor LOCAL = new Visitor("api", Rights.all());

  /** A program, or nobody who is known. */
  Visitor(String name, Rights rights) {
    this(name, rights, "", Optional.empty());
  }

  /** Who asks in a request that has passed the gate. */
  public static Visitor of(Context context) {
    return Optional.ofNullable(context.<Visitor>attribute(ATTRIBUTE))
        .orElseThrow(() -> new IllegalStateException("Nobody asked who that is"));
  }

  /** The same, if the request has come so far. */
  public static Optional<Visitor> find(Context context) {
    return Optional.ofNullable(context.attribute(ATTRIBUTE));
  }

  /** Whether who asked may still do so: a request can last longer than a session. */
  public static boolean isStillWelcome(Context context) {
    BooleanSupplier welcome = context.attribute(WELCOME);
    return welcome == null || welcome.getAsBoolean();
  }

  /** Says how to find out whether he may still ask. */
  static void isWelcome(Context context, BooleanSupplier welcome) {
    context.attribute(WELCOME, welcome);
  }

  void enter(Context context) {
    context.attribute(ATTRIBUTE, this);
  }

  /** What he sees of a project. */
  public Sight sight(ServedProject project) {
    return new Sight(project, this);
  }

  /** Whether a browser shows that he has logged in. */
  public boolean hasSession() {
    return !form.isEmpty();
  }
}
