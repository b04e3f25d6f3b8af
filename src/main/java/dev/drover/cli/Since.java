package dev.drover.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a point in the past: so long ago, the beginning of a day here, or an exact time. */
final class Since implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        try {
            if (text.matches("\\d{1,9}[smh]")) {
                return Instant.now().minus(Duration.parse("PT" + text));
            }
            if (text.matches("\\d{1,6}d")) {
                return Instant.now().minus(Duration.parse("P" + text));
            }
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time such as 30m, 2h, 7d, 2024-05-01 or 2024-05-01T12:30:00Z");
        }
    }
}
