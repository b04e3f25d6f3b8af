package dev.drover.replication;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes Debezium pass each value on as a text that PostgreSQL reads as the same value. Debezium's own forms of many values
 * are not exact: a time of 24:00, an infinite date, an array of numbers. Debezium creates it by its name.
 */
public final class ColumnTexts implements CustomConverter<SchemaBuilder, RelationalColumn> {

    /** The types whose values are not exact: Debezium drops the zone of a time, and reads money without its locale. */
    static final Set<String> INEXACT = Set.of("timetz", "money");

    /** The property with the columns to pass on, separated by a character that no name can have; all if it is empty. */
    static final String COLUMNS = "columns";

    static final String SEPARATOR = "\0";

    private static final Map<Object, String> INFINITE = Map.of(
            PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE, "infinity",
            PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE, "-infinity",
            PostgresValueConverter.POSITIVE_INFINITY_INSTANT, "infinity",
            PostgresValueConverter.NEGATIVE_INFINITY_INSTANT, "-infinity",
            PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME, "infinity",
            PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME, "-infinity");

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd G", Locale.ROOT);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00' G", Locale.ROOT);

    private List<String> columns = List.of();

    @Override
    public void configure(Properties properties) {
        String named = properties.getProperty(COLUMNS, "");
        columns = named.isEmpty() ? List.of() : List.of(named.split(SEPARATOR, -1));
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        boolean passed = columns.isEmpty() || columns.contains(column.name());
        registration.register(SchemaBuilder.string().optional(), value -> passed ? text(value) : null);
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null || UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)) {
            return null;
        }
        String infinite = INFINITE.get(value);
        if (infinite != null) {
            return infinite;
        } else if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        } else if (value instanceof SpecialValueDecimal number) {
            return number.getDecimalValue()
                    .map(BigDecimal::toPlainString)
                    .orElseGet(() -> String.valueOf(number.toDouble()));
        } else if (value instanceof LocalDate date) {
            return unsigned(DATE.format(date));
        } else if (value instanceof Instant time) {
            return unsigned(TIME.format(time.atOffset(ZoneOffset.UTC)));
        } else if (value instanceof OffsetDateTime time) {
            return unsigned(TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC)));
        }
        return value.toString();
    }

    /** Java writes a plus before a year of five digits. */
    private static String unsigned(String date) {
        return date.startsWith("+") ? date.substring(1) : date;
    }
}
