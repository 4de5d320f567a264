package io.headrace.connector.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.connector.FileConverter;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ExcelReaderException;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.jspecify.annotations.Nullable;

/**
 * Reads one sheet of an Excel workbook ({@code .xlsx}): the first row that is not empty names the
 * columns. Formulas have the values that the workbook was saved with; errors such as {@code #N/A}
 * are null.
 */
public final class ExcelConverter implements FileConverter {
  private static final String SHEET = "sheet";
  private static final String HEADER = "header_row";

  /** What is quoted, escaped or in brackets in a cell's format says nothing of dates. */
  private static final Pattern LITERAL = Pattern.compile("\"[^\"]*\"|\\\\.|\\[[^\\]]*]");

  private static final Pattern OF_DATE = Pattern.compile("[ymdhs]", Pattern.CASE_INSENSITIVE);

  private static final Pattern OF_TIME = Pattern.compile("[hs]", Pattern.CASE_INSENSITIVE);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  @Override
  public Format format() {
    return Format.EXCEL;
  }

  @Override
  public List<String> options() {
    return List.of(SHEET, HEADER);
  }

  @Override
  public List<DeclaredColumn> convert(
      Path file, SortedMap<String, String> options, Path target, Cancellation cancel)
      throws IOException {
    int header = header(options);
    try {
      WorkbookGuard.require(file, cancel);
      return read(file, options, header, target, cancel);
    } catch (ExcelReaderException | IOException e) {
      throw unreadable(file, e);
    } catch (RuntimeException e) {
      if (e instanceof HeadraceException) {
        throw e;
      }
      // The reader's own checks are few.
      throw unreadable(file, e);
    }
  }

  private static List<DeclaredColumn> read(
      Path file, SortedMap<String, String> options, int header, Path target, Cancellation cancel)
      throws IOException {
    try (ReadableWorkbook book =
        new ReadableWorkbook(file.toFile(), new ReadingOptions(true, false))) {
      Sheet sheet = sheet(book, file, Optional.ofNullable(options.get(SHEET)));
      // Of a column without a value, nothing tells the type: it is left out.
      BitSet used = new BitSet();
      List<String> names = read(sheet, header, cancel, file, (columns, row) -> findUsed(row, used));
      if (names.isEmpty()) {
        throw new HeadraceException(
            "There is no row in the sheet of '%s'".formatted(file),
            "The first row names the columns; name another sheet with `options: {sheet: NAME}`");
      }
      try (JsonGenerator out = Lines.open(target)) {
        List<String> unused =
            read(
                sheet,
                header,
                cancel,
                file,
                (columns, row) -> write(file, columns, used, row, out));
      }
      return List.of();
    }
  }

  /** Takes a row of values. */
  @FunctionalInterface
  private interface Rows {
    void accept(List<String> names, Row row) throws IOException;
  }

  /** Reads a sheet from its beginning, and returns the names of its columns. */
  private static List<String> read(
      Sheet sheet, int header, Cancellation cancel, Path file, Rows rows) throws IOException {
    List<String> names = List.of();
    try (Stream<Row> stream = sheet.openStream()) {
      Iterator<Row> all = stream.filter(row -> row.getRowNum() >= header).iterator();
      while (all.hasNext()) {
        cancel.throwIfRequested();
        Row row = all.next();
        if (isEmpty(row)) {
          continue;
        }
        if (names.isEmpty()) {
          names = names(file, row);
        } else {
          rows.accept(names, row);
        }
      }
    }
    return names;
  }

  private static void findUsed(Row row, BitSet used) {
    for (int i = 0; i < row.getCellCount(); i++) {
      if (row.getOptionalCell(i).filter(cell -> hasValue(typeOf(cell))).isPresent()) {
        used.set(i);
      }
    }
  }

  private static boolean hasValue(CellType type) {
    return type != CellType.EMPTY && type != CellType.ERROR;
  }

  private static HeadraceException unreadable(Path file, Exception cause) {
    return new HeadraceException(
        "Cannot read '%s' as an Excel workbook: %s".formatted(file, cause.getMessage()),
        "Is it an .xlsx file, complete and without a password? Save older formats as .xlsx",
        cause);
  }

  private static int header(SortedMap<String, String> options) {
    String text = options.getOrDefault(HEADER, "1");
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new HeadraceException(
          "Invalid option `header_row: %s`".formatted(text),
          "Give the number of the row that names the columns",
          e);
    }
  }

  private static Sheet sheet(ReadableWorkbook book, Path file, Optional<String> name) {
    if (name.isEmpty()) {
      return book.getFirstSheet();
    }
    return book.findSheet(name.get())
        .orElseThrow(
            () -> {
              List<String> known = book.getSheets().map(Sheet::getName).toList();
              return new HeadraceException(
                  "There is no sheet '%s' in '%s'".formatted(name.get(), file),
                  NearestWord.hint(name.get(), known, "Its sheets: " + String.join(", ", known)));
            });
  }

  private static boolean isEmpty(Row row) {
    return row.stream().allMatch(cell -> cell == null || cell.getType() == CellType.EMPTY);
  }

  private static List<String> names(Path file, Row row) {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < row.getCellCount(); i++) {
      String name = row.getOptionalCell(i).map(Cell::getText).orElse("").strip();
      names.add(name);
      if (!name.isEmpty() && !seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new HeadraceException(
            "Two columns of '%s' have the name '%s'".formatted(file, name),
            "Rename one of them, or say with `options: {header_row: N}` which row names the columns");
      }
    }
    return names;
  }

  private static void write(Path file, List<String> names, BitSet used, Row row, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (int i = 0; i < Math.max(names.size(), row.getCellCount()); i++) {
      Optional<Cell> cell = row.getOptionalCell(i).filter(c -> c.getType() != CellType.EMPTY);
      boolean isNamed = i < names.size() && !names.get(i).isEmpty();
      if (!isNamed && cell.isPresent()) {
        throw new HeadraceException(
            "'%s': cell %s is in a column without a name".formatted(file, cell.get().getAddress()),
            "Name the column in the first row, or empty the cell");
      }
      if (isNamed && used.get(i)) {
        out.writeFieldName(names.get(i));
        write(cell.orElse(null), out);
      }
    }
    out.writeEndObject();
  }

  private static void write(@Nullable Cell cell, JsonGenerator out) throws IOException {
    CellType type = cell == null ? CellType.EMPTY : typeOf(cell);
    if (cell == null || !hasValue(type)) {
      out.writeNull();
    } else if (type == CellType.BOOLEAN) {
      out.writeBoolean("1".equals(cell.getRawValue()) || "TRUE".equalsIgnoreCase(cell.getText()));
    } else if (type == CellType.NUMBER) {
      if (isDate(cell)) {
        out.writeString(date(cell));
      } else {
        out.writeNumber(new BigDecimal(cell.getRawValue()).stripTrailingZeros().toPlainString());
      }
    } else if (cell.getValue() == null) {
      throw new HeadraceException(
          "Cell %s names a text that the workbook does not have".formatted(cell.getAddress()),
          "The workbook is damaged: save or copy it again");
    } else {
      out.writeString(cell.getText());
    }
  }

  /** The type of a cell's value; that of a formula is not told apart from its text. */
  private static CellType typeOf(Cell cell) {
    if (cell.getType() != CellType.FORMULA) {
      return cell.getType();
    }
    String value = cell.getRawValue();
    if (value == null || value.startsWith("#")) {
      return CellType.ERROR;
    }
    try {
      BigDecimal unused = new BigDecimal(value);
      return CellType.NUMBER;
    } catch (NumberFormatException e) {
      return CellType.STRING;
    }
  }

  private static boolean isDate(Cell cell) {
    String format = cell.getDataFormatString();
    return format != null
        && !format.equalsIgnoreCase("General")
        && OF_DATE.matcher(LITERAL.matcher(format).replaceAll("")).find();
  }

  /** A date, or a moment if the cell shows one. */
  private static String date(Cell cell) {
    LocalDateTime moment = cell.asDate();
    String format = LITERAL.matcher(String.valueOf(cell.getDataFormatString())).replaceAll("");
    boolean isDay =
        !OF_TIME.matcher(format).find() && moment.toLocalTime().equals(LocalTime.MIDNIGHT);
    return isDay ? moment.toLocalDate().toString() : TIME.format(moment);
  }
}
