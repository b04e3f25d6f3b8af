package dev.drover.preflight;

import dev.drover.ledger.Checkpoints;
import dev.drover.ledger.Cursor;
import dev.drover.pages.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where a pipeline goes on.
 *
 * @param cursor its checkpoint; empty before its first page is settled, or when it can not be used
 * @param check what there is to say about it
 */
record DoctorCheckpoint(Optional<Cursor> cursor, DoctorCheck check) {

    private static final String NAME = "checkpoint";

    static DoctorCheckpoint read(LoadedPipeline pipeline, DataSource store, boolean storeHasTables) {
        if (!storeHasTables) {
            return new DoctorCheckpoint(Optional.empty(), beginning(pipeline));
        }
        try {
            Optional<Cursor> found = new Checkpoints(store).cursor(pipeline.name());
            List<String> key = pipeline.config().key();
            if (found.isPresent() && !found.get().columns().equals(key)) {
                return new DoctorCheckpoint(
                        Optional.empty(),
                        DoctorCheck.failed(
                                NAME,
                                "is of key " + found.get().columns() + ", but the pipeline is read by key " + key,
                                "set the key back, or give the pipeline a new name, under which it begins anew"));
            }
            return new DoctorCheckpoint(
                    found,
                    found.map(cursor -> DoctorCheck.ok(NAME, "goes on after " + cursor))
                            .orElseGet(() -> beginning(pipeline)));
        } catch (RuntimeException e) {
            return new DoctorCheckpoint(
                    Optional.empty(),
                    DoctorCheck.failed(
                            NAME, DoctorCheck.reason(e), "restore the store from a backup, or correct the checkpoint"));
        }
    }

    private static DoctorCheck beginning(LoadedPipeline pipeline) {
        Cursor start = pipeline.config().startAfter();
        return DoctorCheck.ok(NAME, "none yet, begins " + (start == null ? "at the first row" : "after " + start));
    }

    /** A checkpoint behind which nothing comes must at least be the key of a row, or the table was another one. */
    static List<DoctorCheck> beyond(Connection connection, Optional<String> table, @Nullable Cursor cursor)
            throws SQLException {
        if (table.isEmpty() || cursor == null || hasRow(connection, table.get(), cursor)) {
            return List.of();
        }
        return List.of(DoctorCheck.warning(
                NAME,
                "is beyond the table: no row has its key, and none comes after it",
                "if the table was emptied, restored or numbered anew, set the checkpoint back; if its last rows were"
                        + " deleted, nothing is to be done"));
    }

    private static boolean hasRow(Connection connection, String table, Cursor cursor) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        String where = cursor.columns().stream()
                .map(column -> dialect.quote(column) + " = ?")
                .collect(Collectors.joining(" AND "));
        String sql = "SELECT 1 FROM " + dialect.quote(table) + " WHERE " + where;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < cursor.values().size(); i++) {
                bind(statement, i + 1, cursor.values().get(i), dialect);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void bind(PreparedStatement statement, int index, Object value, Dialect dialect)
            throws SQLException {
        if (value instanceof String && dialect == Dialect.POSTGRESQL) {
            statement.setObject(index, value, Types.OTHER);
        } else {
            statement.setObject(index, value);
        }
    }
}
