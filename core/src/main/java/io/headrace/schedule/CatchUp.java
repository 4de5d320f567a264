package io.headrace.schedule;

/** What becomes of ticks that passed while nothing could run: no server, or the run before. */
public enum CatchUp {
  /** The last of them is run, once, and stands for the others. */
  LAST,
  /** Each of them is run, one after the other. */
  ALL,
  /** None of them is run. */
  NONE
}
