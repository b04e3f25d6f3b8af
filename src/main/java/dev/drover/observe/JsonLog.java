package dev.drover.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a log event as a JSON object on one line: {@code time}, {@code level}, {@code logger}, {@code message}, and
 * {@code pipeline} and {@code error} if there are any. Thread-safe.
 */
public final class JsonLog extends LayoutBase<ILoggingEvent> {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String OF_PIPELINE = "{}: ";

    @Override
    public String doLayout(ILoggingEvent event) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", event.getInstant().toString());
            json.writeStringField("level", event.getLevel().toString());
            json.writeStringField("logger", event.getLoggerName());
            writeIfAny(json, "pipeline", pipeline(event));
            json.writeStringField("message", event.getFormattedMessage());
            writeIfAny(json, "error", error(event.getThrowableProxy()));
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a text must be writable into memory", e);
        }
        return line.append('\n').toString();
    }

    private static void writeIfAny(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /** Messages of this program about a pipeline begin with its name. */
    private static @Nullable String pipeline(ILoggingEvent event) {
        Object[] arguments = event.getArgumentArray();
        boolean named = event.getLoggerName().startsWith("dev.drover.")
                && event.getMessage().startsWith(OF_PIPELINE)
                && arguments != null
                && arguments.length > 0;
        return named ? String.valueOf(arguments[0]) : null;
    }

    private static @Nullable String error(@Nullable IThrowableProxy thrown) {
        return thrown == null ? null : thrown.getClassName() + ": " + thrown.getMessage();
    }
}
