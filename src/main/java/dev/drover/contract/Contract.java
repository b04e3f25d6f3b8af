package dev.drover.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.batch.RecordJson;
import dev.drover.delivery.Refusal;
import dev.drover.delivery.UnsendableException;
import dev.drover.delivery.UnsettledException;
import dev.drover.ledger.InContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A step before the format of a delivery route, which keeps each record that does not fit a schema from being sent. The
 * record becomes a dead letter whose reason names the field and the rule, and never the value. The other records of the
 * batch are sent. Thread-safe after its setup.
 */
public final class Contract extends InContext {

    private static final String NONE = "none";
    private static final String ROUTES = "{{camel.main.routesIncludePattern}}";
    private static final ObjectMapper JSON = ContractFile.exact(new JsonFactory());

    private @Nullable JsonSchema schema;
    private String name = NONE;
    private String format = "jackson";

    /**
     * The schema of a record: the file of a JSON Schema, such as {@code order.schema.json}, or an operation of an OpenAPI
     * file, such as {@code billing.yaml#createOrder}. The file is in the folder of the routes. If the schema describes an
     * array, its items are the records. {@code none}, the default, is no contract.
     *
     * @throws IllegalArgumentException if the file cannot be read or is not a schema; names the place in the file
     */
    public void setSchema(String place) {
        name = place;
        schema = place.equals(NONE) ? null : ContractFile.read(folder(), place);
    }

    /**
     * The data format of the route, {@code jackson} by default. For {@code single} the schema is of the row of a change, and
     * a delete is not checked, because it has no body.
     */
    public void setFormat(String name) {
        format = name;
    }

    private Path folder() {
        String first = context().resolvePropertyPlaceholders(ROUTES).split(",", 2)[0];
        Path folder = Path.of(first.replaceFirst("^file:", "")).getParent();
        return folder == null ? Path.of("") : folder;
    }

    /**
     * Checks the records of the batch, or a record without a batch. A batch that an earlier owner of the pipeline may have
     * sent is not checked, because it must be sent again unchanged.
     *
     * @throws UnsettledException if records of the batch do not fit
     * @throws UnsendableException if the record without a batch does not fit
     */
    public void check(Exchange exchange) throws UnsettledException {
        JsonSchema rules = schema;
        if (rules == null) {
            return;
        }
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch == null) {
            Optional<String> misfit = misfit(rules, exchange.getMessage().getBody());
            if (misfit.isPresent()) {
                throw new UnsendableException(misfit.get());
            }
        } else if (!batch.isRecovered()) {
            List<Refusal> refused = new ArrayList<>();
            for (BatchItem item : batch.items()) {
                misfit(rules, item.body())
                        .ifPresent(why -> refused.add(new Refusal(batch.part(List.of(item)), 0, why)));
            }
            if (!refused.isEmpty()) {
                throw UnsettledException.beforeSending(refused);
            }
        }
    }

    /** Why the record does not fit; empty if it fits or has no JSON, which the format of the route refuses. */
    private Optional<String> misfit(JsonSchema rules, @Nullable Object body) {
        JsonNode json;
        Object sent = format.equals("single") ? RecordJson.lone(body) : body;
        if (sent == null) {
            return Optional.empty();
        }
        try {
            json = sent instanceof String text ? JSON.readTree(text) : JSON.readTree(RecordJson.of(sent));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("an array has no input or output", e);
        }
        Collection<ValidationMessage> found = rules.validate(json);
        return found.stream()
                .map(ContractFile::brokenRule)
                .sorted()
                .findFirst()
                .map(rule -> "does not fit " + name + ": " + rule
                        + (found.size() > 1 ? " and " + (found.size() - 1) + " more" : ""));
    }
}
