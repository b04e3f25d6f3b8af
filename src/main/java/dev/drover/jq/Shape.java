package dev.drover.jq;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.drover.rows.SourceRecordSerializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** An object that jq has created. It is written like a record, so decimals keep their form. */
@JsonSerialize(using = Shape.Writer.class)
final class Shape extends LinkedHashMap<String, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    static final class Writer extends JsonSerializer<Shape> {
        @Override
        public void serialize(Shape shape, JsonGenerator json, SerializerProvider provider) throws IOException {
            SourceRecordSerializer.write(shape, json);
        }
    }
}
