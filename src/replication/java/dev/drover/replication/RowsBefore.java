package dev.drover.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.rows.RowReader;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.sql.Dialect;
import dev.drover.sql.ReadFailure;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows before changes. PostgreSQL reads them from the texts that its log has, so their values are the same as in a
 * query of the table.
 *
 * @param rows reads the table
 */
record RowsBefore(TableReader rows) {

    private static final Logger LOG = LoggerFactory.getLogger(RowsBefore.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Returns the rows of these texts in their order. They have the columns of the table as it is now.
     *
     * @return an empty list if the table has changed so that its columns cannot have these values
     */
    List<SourceRecord> read(Connection connection, TableFacts table, List<Struct> texts) throws SQLException {
        List<TableFacts.Column> columns =
                table.columns().stream().filter(column -> isIn(column, texts)).toList();
        String sql = columns.stream()
                        .map(column ->
                                "CAST(" + quoted(column) + " AS " + column.declaration() + ") AS " + quoted(column))
                        .collect(Collectors.joining(
                                ", ", "SELECT ", " FROM json_to_recordset(CAST(? AS json)) AS before"))
                + columns.stream().map(column -> quoted(column) + " text").collect(Collectors.joining(", ", " (", ")"));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, json(columns, texts));
            try (ResultSet found = statement.executeQuery()) {
                RowReader reader = new RowReader(found, rows.limits().maxValueBytes());
                List<SourceRecord> records = new ArrayList<>();
                while (found.next()) {
                    records.add(reader.read());
                }
                return records;
            }
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).matches("2[23].*|42846")) {
                throw ReadFailure.of(table.fullName(), e);
            }
            LOG.warn(
                    "{}: {} changes have no row before, because the types of its columns have changed since",
                    table.fullName(),
                    texts.size());
            return List.of();
        }
    }

    private boolean isIn(TableFacts.Column column, List<Struct> texts) {
        boolean isRead = rows.columns().isEmpty() || rows.columns().stream().anyMatch(column.name()::equalsIgnoreCase);
        return isRead
                && !ColumnTexts.INEXACT.contains(column.vendorType())
                && texts.stream().allMatch(text -> text.schema().field(column.name()) != null);
    }

    private static String quoted(TableFacts.Column column) {
        return Dialect.POSTGRESQL.quoteExactly(column.name());
    }

    private static String json(List<TableFacts.Column> columns, List<Struct> texts) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Struct text : texts) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            columns.forEach(column -> row.put(column.name(), text.getWithoutDefault(column.name())));
            rows.add(row);
        }
        try {
            return JSON.writeValueAsString(rows);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the rows before changes cannot be written", e);
        }
    }
}
