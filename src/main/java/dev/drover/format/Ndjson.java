package dev.drover.format;

import dev.drover.batch.RecordJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * Newline-delimited JSON: one record per line, each line terminated by LF, including the last. See {@link BatchFormat} for
 * the allowed records.
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
