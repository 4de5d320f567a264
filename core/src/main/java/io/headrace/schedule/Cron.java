package io.headrace.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.headrace.error.HeadraceException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * Ticks by a cron expression of five fields, on the clocks of a time zone.
 *
 * <p>Where clocks are set forward, a tick in the hour that is left out comes at the end of it.
 * Where they are set back, a tick in the hour that comes twice comes the first time only. An
 * expression whose hour is {@code *} means the time that passes rather than the clock: it has no
 * tick more or less for that.
 */
public final class Cron implements Trigger.Times {
  private final String expression;
  private final ZoneId zone;
  private final ExecutionTime times;
  private final boolean isEveryHour;

  private Cron(String expression, ZoneId zone, com.cronutils.model.Cron cron) {
    this.expression = expression;
    this.zone = zone;
    this.times = ExecutionTime.forCron(cron);
    this.isEveryHour = cron.retrieve(CronFieldName.HOUR).getExpression() instanceof Always;
  }

  /**
   * Reads an expression.
   *
   * @throws HeadraceException if it is none, or never falls due
   */
  public static Cron parse(String expression, ZoneId zone) {
    Cron cron;
    try {
      cron =
          new Cron(
              expression,
              zone,
              new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                  .parse(expression)
                  .validate());
    } catch (IllegalArgumentException e) {
      throw invalid(expression, String.valueOf(e.getMessage()));
    }
    if (cron.next(Instant.EPOCH).equals(Instant.MAX)) {
      throw invalid(expression, "there is no such day");
    }
    return cron;
  }

  private static HeadraceException invalid(String expression, String reason) {
    return new HeadraceException(
        "Invalid cron expression '%s': %s".formatted(expression, reason),
        "Write minute, hour, day of month, month and day of week, such as `30 2 * * 1-5`");
  }

  public String expression() {
    return expression;
  }

  @Override
  public ZoneId zone() {
    return zone;
  }

  @Override
  public Instant next(Instant after) {
    return isEveryHour ? nextInPassingTime(after) : nextOnTheClock(after);
  }

  /** As if clocks were never changed, from one change of them to the next. */
  private Instant nextInPassingTime(Instant after) {
    ZoneRules rules = zone.getRules();
    Instant from = after;
    ZoneOffset offset = rules.getOffset(after);
    LocalDateTime local = LocalDateTime.ofInstant(after, offset);
    while (true) {
      Optional<LocalDateTime> next = next(local);
      if (next.isEmpty()) {
        return Instant.MAX;
      }
      Instant tick = next.get().toInstant(offset);
      ZoneOffsetTransition change = rules.nextTransition(from);
      if (change == null || tick.isBefore(change.getInstant())) {
        return tick;
      }
      from = change.getInstant();
      offset = change.getOffsetAfter();
      local = LocalDateTime.ofInstant(from, offset).minusSeconds(1);
    }
  }

  private Instant nextOnTheClock(Instant after) {
    LocalDateTime local = LocalDateTime.ofInstant(after, zone);
    while (true) {
      Optional<LocalDateTime> next = next(local);
      if (next.isEmpty()) {
        return Instant.MAX;
      }
      local = next.get();
      ZoneOffsetTransition change = zone.getRules().getTransition(local);
      Instant tick =
          change != null && change.isGap()
              ? change.getInstant()
              : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
      if (tick.isAfter(after)) {
        return tick;
      }
    }
  }

  /** The next time on a clock that nobody ever changes. */
  private Optional<LocalDateTime> next(LocalDateTime after) {
    return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cron cron
        && cron.expression.equals(expression)
        && cron.zone.equals(zone);
  }

  @Override
  public int hashCode() {
    return expression.hashCode() * 31 + zone.hashCode();
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(expression, zone);
  }
}
