package dev.drover.replication;

import dev.drover.rows.Columns;
import dev.drover.rows.Page;
import dev.drover.rows.PageReader;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.rows.UnorderedPageException;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.PageRequest;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes of a slot as rows of a change log: number, operation, row before, key. It holds one batch of the engine. A pipeline
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
    private final TableReader rows;
    private final Columns columns;
    private List<TableFacts.Column> key = List.of();
    private boolean hasBefore;
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

    /**
     * A change.
     *
     * @param before the texts of the row before it; null if they are not known
     */
    private record Change(long number, String operation, List<Object> key, @Nullable Struct before) {}

    SlotLog(Slot slot, DataSource source, String table, TableReader rows) {
        this.slot = slot;
        this.source = source;
        this.table = table;
        this.rows = rows;
        this.columns = new Columns(
                Stream.concat(Stream.of(ChangeLog.ID, ChangeLog.OPERATION, ChangeLog.BEFORE), rows.key().stream())
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
            key = rows.key().stream()
                    .map(part -> facts.column(part).orElseThrow())
                    .toList();
            hasBefore = slot.isWhole(connection, facts);
            if (after >= SlotReader.LOG) {
                slot.moveTo(connection, after - SlotReader.LOG, (after - SlotReader.LOG) % ALIGNED == 0);
            }
            List<String> passed = hasBefore
                    ? List.of()
                    : key.stream().map(TableFacts.Column::name).toList();
            SlotEngine started = new SlotEngine(slot, source, facts, passed);
            engine = started;
            return started;
        }
    }

    private Batch batch(List<org.apache.kafka.connect.source.SourceRecord> records, long after) throws SQLException {
        List<Change> changes = new ArrayList<>();
        long number = after;
        long position = 0;
        boolean truncated = false;
        for (org.apache.kafka.connect.source.SourceRecord record : records) {
            position = Math.max(position, position(record.sourceOffset()));
            String operation =
                    record.value() instanceof Struct value && value.schema().field("op") != null
                            ? value.getString("op")
                            : "";
            truncated |= operation.equals("t");
            if (truncated || !CHANGES.contains(operation)) {
                continue; // the begin or end of a transaction, or a heartbeat
            }
            Struct value = (Struct) record.value();
            number = next(number, SlotReader.LOG + value.getStruct("source").getInt64("lsn"));
            Struct before = value.getStruct("before");
            List<Object> left = key(before);
            List<Object> found = key(value.getStruct("after"));
            boolean moved = !left.isEmpty() && !found.isEmpty() && !left.equals(found);
            if (moved) {
                changes.add(new Change(number, "delete", left, known(before)));
                number = next(number, 0);
            }
            changes.add(new Change(
                    number,
                    operation.equals("d") ? "delete" : "update",
                    found.isEmpty() ? left : found,
                    moved ? null : known(before)));
        }
        return new Batch(entries(changes), truncated, Math.max(number, SlotReader.LOG + position));
    }

    private List<SourceRecord> entries(List<Change> changes) throws SQLException {
        List<Struct> texts =
                changes.stream().map(Change::before).filter(Objects::nonNull).toList();
        Iterator<SourceRecord> rowsBefore = before(texts).iterator();
        List<SourceRecord> entries = new ArrayList<>();
        for (Change change : changes) {
            SourceRecord before = change.before() != null && rowsBefore.hasNext() ? rowsBefore.next() : null;
            List<@Nullable Object> values = new ArrayList<>(Arrays.asList(change.number(), change.operation(), before));
            values.addAll(change.key());
            entries.add(new SourceRecord(columns, values.toArray(), null));
        }
        return List.copyOf(entries);
    }

    private List<SourceRecord> before(List<Struct> texts) throws SQLException {
        if (texts.isEmpty()) {
            return List.of();
        }
        try (Connection connection = source.getConnection()) {
            return new RowsBefore(rows).read(connection, ChangeLog.table(connection, table), texts);
        }
    }

    /**
     * The whole row before a change; null if only its key is known. If the replica identity was another one when the row was
     * changed, all other columns are NULL.
     */
    private @Nullable Struct known(@Nullable Struct before) {
        boolean isWhole = hasBefore
                && before != null
                && before.schema().fields().stream()
                        .filter(field ->
                                key.stream().noneMatch(part -> part.name().equals(field.name())))
                        .anyMatch(field -> before.getWithoutDefault(field.name()) != null);
        return isWhole ? before : null;
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

    /** The key as a query returns it; empty if there is no row, or if its key is not in the log because it did not change. */
    private List<Object> key(@Nullable Struct row) {
        List<Object> values = new ArrayList<>();
        for (TableFacts.Column part : key) {
            Object text = row == null ? null : row.getWithoutDefault(part.name());
            if (text == null) {
                return List.of();
            }
            values.add(Objects.requireNonNull(Slot.KEYS.get(part.vendorType())).apply((String) text));
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
