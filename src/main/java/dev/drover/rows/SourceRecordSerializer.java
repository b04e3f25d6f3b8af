package dev.drover.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as a JSON object with exact values. Decimals never pass through a double and keep their scale, times are
 * ISO 8601 texts, bytes are base64, and JSON columns are embedded. {@code NaN} and {@code Infinity}, which JSON cannot
 * express as numbers, are texts. A record that cannot be represented is refused. Thread-safe.
 */
public final class SourceRecordSerializer extends JsonSerializer<SourceRecord> {

    /** Above this scale a decimal keeps its exponent, because {@code 1E+1000000000} would become a gigabyte of zeros. */
    private static final int MAX_PLAIN_SCALE = 20_000;

    @Override
    public void serialize(SourceRecord row, JsonGenerator json, SerializerProvider provider) throws IOException {
        if (row.unrepresentable() != null) {
            throw JsonMappingException.from(json, row.unrepresentable());
        }
        writeRecord(row, json);
    }

    private static void writeRecord(SourceRecord row, JsonGenerator json) throws IOException {
        Columns columns = row.columns();
        json.writeStartObject(row);
        for (int i = 0; i < columns.size(); i++) {
            json.writeFieldName(columns.field(i));
            write(row.readAt(i), json);
        }
        json.writeEndObject();
    }

    /** Writes a value of a record, or a map or list of such values. */
    public static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof ColumnText kept) {
            kept.write(json);
        } else if (value instanceof Number number) {
            writeNumber(number, json);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else if (value instanceof JsonText embedded) {
            json.writeRawValue(embedded.text());
        } else if (value instanceof SourceRecord part) {
            writeRecord(part, json);
        } else if (value instanceof List<?> elements) {
            writeArray(elements, json);
        } else if (value instanceof Map<?, ?> fields) {
            writeObject(fields, json);
        } else {
            json.writeString(text(value));
        }
    }

    private static void writeNumber(Number value, JsonGenerator json) throws IOException {
        if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            writeDecimal(number, json);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof Float number && Float.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            json.writeNumber(number);
        } else {
            json.writeString(value.toString());
        }
    }

    private static void writeDecimal(BigDecimal value, JsonGenerator json) throws IOException {
        if (Math.abs(value.scale()) > MAX_PLAIN_SCALE) {
            json.writeNumber(value.toString());
        } else {
            json.writeNumber(value.toPlainString());
        }
    }

    private static void writeArray(List<?> elements, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Object element : elements) {
            write(element, json);
        }
        json.writeEndArray();
    }

    private static void writeObject(Map<?, ?> fields, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            json.writeFieldName(String.valueOf(field.getKey()));
            write(field.getValue(), json);
        }
        json.writeEndObject();
    }

    private static String text(Object value) {
        if (value instanceof LocalDateTime time) {
            return IsoTimes.text(time);
        } else if (value instanceof OffsetDateTime time) {
            return IsoTimes.text(time.toLocalDateTime()) + time.getOffset();
        } else if (value instanceof LocalTime time) {
            return IsoTimes.text(time);
        } else if (value instanceof OffsetTime time) {
            return IsoTimes.text(time.toLocalTime()) + time.getOffset();
        }
        return value.toString();
    }
}
