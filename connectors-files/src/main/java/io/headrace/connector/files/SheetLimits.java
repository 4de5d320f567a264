package io.headrace.connector.files;

/**
 * Follows the bytes of a part of a workbook, and finds what makes a row larger than Excel lets it
 * be. It knows just enough of XML for that: what is well-formed is for the reader to say.
 */
final class SheetLimits {
  /** Excel holds 32,767 characters; each may be written in up to ten bytes. */
  private static final int LONGEST_TEXT = 1 << 20;

  private static final int MOST_CELLS = 16_384;

  /** The last column is XFD. */
  private static final int LONGEST_COLUMN = 3;

  private static final int LONGEST_NAME = 64;

  private enum Place {
    OUTSIDE,
    NAME,
    TAG,
    REFERENCE
  }

  private Place place = Place.OUTSIDE;
  private final StringBuilder name = new StringBuilder();
  private boolean isFirstByte = true;
  private boolean isXml;
  private boolean hasRoot;
  private boolean isSheet;
  private int run;
  private int cells;
  private int letters;

  private boolean isCell;

  /** The last four bytes of a tag. */
  private int recent;

  /** Whether it looks like XML. */
  boolean isXml() {
    return isXml;
  }

  /** Whether it is a sheet, of which only a row at a time is kept. */
  boolean isSheet() {
    return isSheet;
  }

  /** What is too much in the next bytes, or nothing. */
  String excessIn(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      if (isFirstByte) {
        isXml = b == '<' || b < 0;
        isFirstByte = false;
      }
      if (!isXml) {
        return "";
      }
      follow(b);
      if (run > LONGEST_TEXT) {
        return "there is a text of more than %,d bytes in it".formatted(LONGEST_TEXT);
      }
      if (cells > MOST_CELLS) {
        return "there is a row of more than %,d cells in it".formatted(MOST_CELLS);
      }
      if (letters > LONGEST_COLUMN) {
        return "there is a cell behind column XFD in it";
      }
    }
    return "";
  }

  private void follow(byte b) {
    run = b == '<' || b == '>' ? 0 : run + 1;
    if (b == '<') {
      place = Place.NAME;
      name.setLength(0);
    } else if (place == Place.NAME) {
      followName(b);
    } else if (place == Place.REFERENCE) {
      boolean isLetter = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
      letters = isLetter ? letters + 1 : 0;
      place = isLetter ? Place.REFERENCE : Place.TAG;
    } else if (place == Place.TAG) {
      recent = recent << 8 | (b & 0xff);
      if (b == '>') {
        place = Place.OUTSIDE;
      } else if (isCell && isReference(recent)) {
        place = Place.REFERENCE;
        letters = 0;
      }
    }
  }

  /** Whether bytes are a blank and {@code r=} with a quote. */
  private static boolean isReference(int bytes) {
    int attribute = bytes >> 8 & 0xffff;
    int quote = bytes & 0xff;
    return isBlank((byte) (bytes >> 24))
        && attribute == ('r' << 8 | '=')
        && (quote == '"' || quote == '\'');
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private void followName(byte b) {
    boolean isEnd = b == '>' || b == '/' || isBlank(b);
    if (!isEnd) {
      if (b == ':') {
        name.setLength(0);
      } else if (name.length() < LONGEST_NAME) {
        name.append((char) b);
      }
      return;
    }
    place = b == '>' ? Place.OUTSIDE : Place.TAG;
    recent = b;
    isCell = false;
    String element = name.toString();
    if (element.isEmpty() || element.startsWith("?") || element.startsWith("!")) {
      return;
    }
    if (!hasRoot) {
      hasRoot = true;
      isSheet = element.equals("worksheet");
    }
    if (isSheet && element.equals("row")) {
      cells = 0;
    } else if (isSheet && element.equals("c")) {
      cells++;
      isCell = true;
    }
  }
}
