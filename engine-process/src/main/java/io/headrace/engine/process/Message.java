package io.headrace.engine.process;

/** What passes the pipe. */
sealed interface Message {

  /** Begins a call. */
  record Begin(long number, Call<?> call) implements Message {}

  /** Ends it early. */
  record Cancel(long number, String reason) implements Message {}

  /** What a call came to. */
  record Returned(long number, Object value) implements Message {}

  /** That it came to nothing. */
  record Failed(long number, Failure failure) implements Message {}
}
