package dev.drover.format;

import dev.drover.batch.RecordJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * The lone record of a request as it is, and not in an array: for a resource with an address of its own. Of a change it is
 * the row, and nothing for a delete. A batch of several records is divided. See {@link BatchFormat} for the allowed
 * records.
 */
public final class Single extends BatchFormat {

    @Override
    String contentType() {
        return "application/json";
    }

    @Override
    void write(Exchange exchange, List<?> records, OutputStream out) throws IOException {
        if (records.size() > 1) {
            throw RecordJson.refused("the format single writes one record, not " + records.size());
        }
        Object lone = RecordJson.lone(records.get(0));
        if (lone != null) {
            out.write(RecordJson.of(lone));
        }
    }
}
