package dev.drover.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.ledger.NoSuchColumnException;
import dev.drover.rows.Columns;
import java.util.LinkedHashMap;
import java.util.Map;

/** A row whose columns jq finds like every other step: in any case. A column that was not read is an error. */
@SuppressWarnings("unchecked") // of ObjectNode.deepCopy(), which is inherited
final class RowNode extends ObjectNode {

    private static final long serialVersionUID = 1L;

    private final transient Columns columns;

    RowNode(JsonNode row, Columns columns) {
        super(JsonNodeFactory.instance, fields(row));
        this.columns = columns;
    }

    private static Map<String, JsonNode> fields(JsonNode row) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        row.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    /** The row as an object to which fields may be added. */
    static JsonNode open(JsonNode in) {
        return in instanceof RowNode row ? new ObjectNode(JsonNodeFactory.instance, fields(row)) : in;
    }

    @Override
    public JsonNode get(String column) {
        int index = columns.index(column);
        if (index < 0) {
            throw new NoSuchColumnException(column, columns.names());
        }
        return super.get(columns.names().get(index));
    }

    @Override
    public boolean has(String column) {
        return columns.index(column) >= 0;
    }
}
