package io.headrace.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Ticks of a clock without those of some days.
 *
 * @param holidays the days, where dates of ticks are meant
 * @param moves whether a tick of such a day comes at the same time of the next working day, which
 *     is none of those days, no Saturday and no Sunday; else it is left out
 */
public record OnDays(Trigger.Times times, SortedSet<LocalDate> holidays, boolean moves)
    implements Trigger.Times {
  public OnDays {
    requireNonNull(times, "times is null");
    holidays = Collections.unmodifiableSortedSet(new TreeSet<>(holidays));
  }

  @Override
  public Instant next(Instant after) {
    Instant next = Instant.MAX;
    // What is moved comes later than it was: so nothing behind the first that is found is earlier.
    Instant tick = times.next(moves ? beforeHolidays(after) : after);
    while (tick.isBefore(next)) {
      ZonedDateTime local = tick.atZone(zone());
      boolean isHoliday = holidays.contains(local.toLocalDate());
      Instant at = isHoliday ? (moves ? nextWorkingDay(local).toInstant() : after) : tick;
      if (at.isAfter(after) && at.isBefore(next)) {
        next = at;
      }
      tick = times.next(tick);
    }
    return next;
  }

  /** Ticks of earlier days are not moved behind that moment. */
  private Instant beforeHolidays(Instant moment) {
    LocalDate day = moment.atZone(zone()).toLocalDate();
    while (!isWorkingDay(day.minusDays(1))) {
      day = day.minusDays(1);
    }
    Instant midnight = day.atStartOfDay(zone()).toInstant().minusMillis(1);
    return midnight.isBefore(moment) ? midnight : moment;
  }

  private ZonedDateTime nextWorkingDay(ZonedDateTime local) {
    ZonedDateTime next = local;
    while (!isWorkingDay(next.toLocalDate())) {
      next = next.plusDays(1);
    }
    return next;
  }

  private boolean isWorkingDay(LocalDate day) {
    return !holidays.contains(day)
        && day.getDayOfWeek() != DayOfWeek.SATURDAY
        && day.getDayOfWeek() != DayOfWeek.SUNDAY;
  }

  @Override
  public ZoneId zone() {
    return times.zone();
  }
}
