package dev.drover.format;

import dev.drover.batch.RecordJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * Newline-delimited JSON: one record a line, each line ended by LF, the last one too. See {@link BatchFormat} for what
 * a record may be.
 */
public final class Ndjson extends BatchFormat {

    @Override
    String contentType() {
        return "application/x-ndjson";
    }

    @Override
    void write(Exchange exchange, List<?> records, OutputStream out) throws IOException {
        for (Object record : records) {
            out.write(RecordJson.of(record));
            out.write('\n');
        }
    }
}
