package io.headrace.connector.staging;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times of ISO 8601 as the engine reads them, of the years 1 to 9999 and with six digits
 * of a second. Each method returns the text, or null if it is none of that kind. There are millions
 * of them, so that they are not taken apart with expressions.
 */
final class IsoText {
  private static final int DATE_LENGTH = 10;
  private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private IsoText() {}

  static @Nullable String date(String text) {
    return text.length() == DATE_LENGTH && startsWithDate(text) ? text : null;
  }

  static @Nullable String time(String text) {
    return timeEnd(text, 0) == text.length() ? text : null;
  }

  static @Nullable String timestamp(String text) {
    return timestampEnd(text) == text.length() ? text : null;
  }

  /** A time with its zone, which without one could be any moment of a day. */
  static @Nullable String moment(String text) {
    int end = timestampEnd(text);
    if (end < 0 || end == text.length()) {
      return null;
    }
    if (end == text.length() - 1 && (text.charAt(end) == 'Z' || text.charAt(end) == 'z')) {
      return text.substring(0, end) + "Z";
    }
    try {
      ZoneOffset zone = ZoneOffset.of(text.substring(end));
      LocalDateTime local = LocalDateTime.parse(text.substring(0, end).replace(' ', 'T'));
      LocalDateTime utc =
          OffsetDateTime.of(local, zone).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
      return utc.getYear() < 1 || utc.getYear() > 9999 ? null : utc + "Z";
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Where a date and a time end that the text begins with, or -1. */
  private static int timestampEnd(String text) {
    boolean hasDate =
        text.length() > DATE_LENGTH
            && startsWithDate(text)
            && (text.charAt(DATE_LENGTH) == 'T' || text.charAt(DATE_LENGTH) == ' ');
    return hasDate ? timeEnd(text, DATE_LENGTH + 1) : -1;
  }

  private static boolean startsWithDate(String text) {
    int year = number(text, 0, 4);
    int month = number(text, 5, 2);
    int day = number(text, 8, 2);
    if (text.charAt(4) != '-' || text.charAt(7) != '-' || year < 1 || month < 1 || month > 12) {
      return false;
    }
    boolean isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int last = month == 2 && !isLeap ? 28 : DAYS[month - 1];
    return day >= 1 && day <= last;
  }

  /** Where a time ends that is at {@code start}, or -1. */
  private static int timeEnd(String text, int start) {
    int hour = number(text, start, 2);
    int minute = number(text, start + 3, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || text.charAt(start + 2) != ':') {
      return -1;
    }
    int end = start + 5;
    if (end == text.length() || text.charAt(end) != ':') {
      return end;
    }
    int second = number(text, end + 1, 2);
    if (second < 0 || second > 59) {
      return -1;
    }
    end += 3;
    return end < text.length() && text.charAt(end) == '.' ? fractionEnd(text, end + 1) : end;
  }

  /** Digits behind the sixth would be lost, unless they are zeros. */
  private static int fractionEnd(String text, int start) {
    int end = start;
    while (end < text.length() && isDigit(text.charAt(end))) {
      if (end - start >= 6 && text.charAt(end) != '0') {
        return -1;
      }
      end++;
    }
    return end == start || end - start > 9 ? -1 : end;
  }

  /** So many digits as a number, or -1 if there are others. */
  private static int number(String text, int start, int length) {
    if (text.length() < start + length) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < start + length; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
