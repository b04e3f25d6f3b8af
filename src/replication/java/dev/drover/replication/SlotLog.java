package dev.drover.replication;

import dev.drover.rows.Columns;
import dev.drover.rows.Page;
import dev.drover.rows.PageReader;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.UnorderedPageException;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.PageRequest;
import dev.drover.sql.TableFacts;
import io.debezium.data.Uuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes of a slot as rows of a change log: number, operation, key. It holds one batch of the engine. A pipeline
 * of changes reads its next page only when the last one is settled, so a request for the page after the batch means that
 * the whole batch is settled. Then the batch is acknowledged. For one thread.
 */
final class SlotLog implements PageReader {

    private static final Set<String> CHANGES = Set.of("c", "u", "d");
    private static final int ALIGNED = 8;
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Slot slot;
    private final DataSource source;
    private final String table;
    private final List<String> key;
    private final Columns columns;
    private List<String> fields = List.of();
    private @Nullable SlotEngine engine;
    private @Nullable Batch held;

    /**
     * A batch of the engine.
     *
     * @param entries its changes of the table
     * @param truncated whether the table was truncated after them
     * @param end the number of a cursor that has passed the whole batch
     */
    private record Batch(List<SourceRecord> entries, boolean truncated, long end) {}

    SlotLog(Slot slot, DataSource source, String table, List<String> key) {
        this.slot = slot;
        this.source = source;
        this.table = table;
        this.key = key;
        this.columns = new Columns(Stream.concat(Stream.of(ChangeLog.ID, ChangeLog.OPERATION), key.stream())
                .toList());
    }

    @Override
    public Page read(PageRequest request) throws SQLException {
        try {
            long after = SlotReader.number(request.after());
            SlotEngine running = engine == null ? start(after) : engine;
            if (held != null && held.end() <= after && !held.truncated()) {
                running.acknowledge();
                held = null;
            }
            if (held == null) {
                List<org.apache.kafka.connect.source.SourceRecord> next = running.next(PATIENCE);
                if (next.isEmpty()) {
                    return new Page(List.of(), null, true);
                }
                held = batch(next, after);
                if (held.end() == after && !held.truncated()) {
                    running.acknowledge(); // nothing new
                    held = null;
                    return new Page(List.of(), null, true);
                }
            }
            return rest(held, after, request.limit());
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns what comes after the cursor, because a page may end before its batch. */
    private static Page rest(Batch batch, long after, int limit) {
        List<SourceRecord> rest = batch.entries().stream()
                .filter(entry -> numberOf(entry) > after)
                .limit(limit)
                .toList();
        if (rest.isEmpty() && batch.truncated()) {
            throw new UnorderedPageException(
                    "the table was truncated, so it is not known which rows are gone; delete all of"
                            + " them at the destination, create the replication slot again, and start the pipeline again from"
                            + " the beginning with drover checkpoint reset");
        }
        boolean all = rest.isEmpty()
                || numberOf(rest.get(rest.size() - 1))
                        == numberOf(batch.entries().get(batch.entries().size() - 1));
        long last = all && !batch.truncated() ? batch.end() : numberOf(rest.get(rest.size() - 1));
        return new Page(rest, SlotReader.cursor(last), false);
    }

    private static long numberOf(SourceRecord entry) {
        return ((Number) Objects.requireNonNull(entry.value(ChangeLog.ID))).longValue();
    }

    /**
     * Starts the engine at the position of the slot. After a kill this may be before the checkpoint, which is written before the
     * slot is acknowledged.
     */
    private SlotEngine start(long after) throws SQLException {
        try (Connection connection = source.getConnection()) {
            TableFacts facts = ChangeLog.table(connection, table);
            fields = key.stream()
                    .map(part -> facts.column(part).orElseThrow().name())
                    .toList();
            if (after >= SlotReader.LOG) {
                slot.moveTo(connection, after - SlotReader.LOG, (after - SlotReader.LOG) % ALIGNED == 0);
            }
            SlotEngine started = new SlotEngine(slot, source, facts);
            engine = started;
            return started;
        }
    }

    private Batch batch(List<org.apache.kafka.connect.source.SourceRecord> changes, long after) {
        List<SourceRecord> entries = new ArrayList<>();
        long number = after;
        long position = 0;
        boolean truncated = false;
        for (org.apache.kafka.connect.source.SourceRecord change : changes) {
            position = Math.max(position, position(change.sourceOffset()));
            String operation =
                    change.value() instanceof Struct value && value.schema().field("op") != null
                            ? value.getString("op")
                            : "";
            truncated |= operation.equals("t");
            if (truncated || !CHANGES.contains(operation)) {
                continue; // the begin or end of a transaction, or a heartbeat
            }
            Struct value = (Struct) change.value();
            number = next(number, SlotReader.LOG + value.getStruct("source").getInt64("lsn"));
            List<Object> before = key(value.getStruct("before"));
            List<Object> row = key(value.getStruct("after"));
            if (!before.isEmpty() && !row.isEmpty() && !before.equals(row)) {
                entries.add(entry(number, "delete", before));
                number = next(number, 0);
            }
            entries.add(entry(number, operation.equals("d") ? "delete" : "update", row.isEmpty() ? before : row));
        }
        return new Batch(List.copyOf(entries), truncated, Math.max(number, SlotReader.LOG + position));
    }

    /** A number that no end of a batch can have, because positions in the log of the database are multiples of eight. */
    private static long next(long before, long position) {
        long next = Math.max(before + 1, position);
        return next % ALIGNED == 0 ? next + 1 : next;
    }

    private static long position(Map<String, ?> offset) {
        return Stream.of("lsn", "lsn_proc", "lsn_commit")
                .map(offset::get)
                .filter(Number.class::isInstance)
                .mapToLong(value -> ((Number) value).longValue())
                .max()
                .orElse(0);
    }

    private SourceRecord entry(long number, String operation, List<Object> of) {
        return new SourceRecord(
                columns,
                Stream.concat(Stream.of(number, operation), of.stream()).toArray(),
                null);
    }

    /** The key as a query returns it; empty if there is no row. */
    private List<Object> key(@Nullable Struct row) {
        List<Object> values = new ArrayList<>();
        if (row == null) {
            return values;
        }
        for (String part : fields) {
            Object value = row.get(part);
            if (value instanceof Short number) {
                value = number.intValue();
            } else if (value instanceof String text
                    && Uuid.LOGICAL_NAME.equals(
                            row.schema().field(part).schema().name())) {
                value = UUID.fromString(text);
            }
            if (value == null) {
                return List.of(); // the key did not change
            }
            values.add(value);
        }
        return values;
    }

    /** Stops the engine. Changes that are not acknowledged come again. */
    @Override
    public void close() {
        held = null;
        if (engine != null) {
            engine.close();
            engine = null;
        }
    }
}
