package dev.drover.store;

import dev.drover.ledger.AuditResult;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.CursorOrder;
import dev.drover.ledger.SettledPage.Fates;
import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The receipts in the store. Every method throws {@link SettlementException} if the store cannot be used now. Thread-safe.
 *
 * @param store a store with an up-to-date schema
 */
public record Receipts(DataSource store) {

    private static final String COLUMNS = "SELECT place, after_json, last_json, beside, rows_read, delivered, filtered,"
            + " dead_lettered, digest, record_keys, settled_at, pipeline FROM drover_receipt ";
    private static final String AUDIT =
            "SELECT cursor_json, run, dead_lettered, (SELECT COUNT(*) FROM drover_dead_letter"
                    + " WHERE drover_dead_letter.pipeline = drover_checkpoint.pipeline), letters_removed"
                    + " FROM drover_checkpoint WHERE pipeline = ?";
    private static final String LAST_AUDIT = "SELECT audit_json, $now - audited_at FROM drover_checkpoint"
            + " WHERE pipeline = ? AND audit_json IS NOT NULL";
    private static final String SET_ASIDE = "INSERT INTO drover_dead_letter"
            + " (id, pipeline, record_key, cursor_json, reason) VALUES (?, ?, ?, ?, ?)";
    private static final int FEW = 50;

    /**
     * The next few receipts of a pipeline, in the order in which its rows were read; empty after the last.
     *
     * @param after the place of the preceding receipt; -1 for the first
     */
    public List<Receipt> next(String pipeline, long after) {
        return on(transaction -> transaction.list(
                COLUMNS + "WHERE pipeline = ? AND place > ? AND beside = 0 ORDER BY place LIMIT " + FEW,
                (row, i) -> receipt(row),
                pipeline,
                after));
    }

    /**
     * The next receipts of rows that were read beside the pipeline: late, by a backfill, or set aside by an audit.
     *
     * @param skipped the number of receipts that were returned before
     */
    public List<Receipt> nextBeside(String pipeline, int skipped) {
        String backfills = pipeline.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "[%]";
        return on(transaction -> transaction.list(
                COLUMNS + "WHERE (pipeline = ? AND beside = 1) OR pipeline LIKE ? ESCAPE '!'"
                        + " ORDER BY pipeline, place LIMIT " + FEW + " OFFSET " + skipped,
                (row, i) -> receipt(row),
                pipeline,
                backfills));
    }

    private static Receipt receipt(ResultSet row) throws SQLException {
        String after = row.getString(2);
        return new Receipt(
                row.getLong(1),
                after == null ? null : CursorJson.read(after),
                CursorJson.read(row.getString(3)),
                row.getInt(4) == 1,
                row.getLong(5),
                new Fates(row.getLong(6), row.getLong(7), row.getLong(8)),
                row.getString(9),
                row.getBytes(10),
                Instant.ofEpochMilli(row.getLong(11)));
    }

    /**
     * The facts in the store that an audit compares with the receipts.
     *
     * @param cursor the checkpoint; null if there is none
     * @param run see {@link dev.drover.ledger.Settlement#run}
     * @param deadLettered the number of rows that ever became dead letters
     * @param letters the number of stored dead letters
     * @param removed the number of dead letters that were removed on purpose
     */
    public record Audited(@Nullable Cursor cursor, long run, long deadLettered, long letters, long removed) {

        /** The number of dead letters that are missing although nothing has removed them. */
        public long lost() {
            return Math.max(0, deadLettered - letters - removed);
        }
    }

    /** Reads these facts at one moment; empty for a pipeline without a checkpoint. */
    public Optional<Audited> audit(String pipeline) {
        return on(transaction -> transaction.first(AUDIT, (row, i) -> audited(pipeline, row), pipeline));
    }

    private static Audited audited(String pipeline, ResultSet row) throws SQLException {
        String cursor = row.getString(1);
        return new Audited(
                cursor == null ? null : CursorJson.read(pipeline, cursor),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5));
    }

    /** The result of the last audit of a pipeline; empty before the first. */
    public Optional<AuditResult> lastAudit(String pipeline) {
        return on(transaction -> transaction.first(
                LAST_AUDIT,
                (row, i) -> AuditResult.read(row.getString(1), Duration.ofMillis(row.getLong(2))),
                pipeline));
    }

    /** Stores the result of an audit. */
    public void audited(String pipeline, String found) {
        int unused = on(transaction -> transaction.update(
                "UPDATE drover_checkpoint SET audit_json = ?, audited_at = $now WHERE pipeline = ?", found, pipeline));
    }

    /** The reason of the dead letters of {@link #setAside}. */
    public static final String NEVER_READ = "never read, an audit has found it";

    /** The dead letters that {@link #setAside} has made of rows of a pipeline. */
    public static Selection neverRead(String pipeline) {
        return new Selection(List.of(), pipeline, null, NEVER_READ, null, null, null, false);
    }

    /**
     * Sets aside rows that were never read, all or none. Each becomes a dead letter without a payload, whose row a replay
     * reads again, and all together get a receipt.
     */
    public void setAside(String pipeline, List<Cursor> keys) {
        on(transaction -> {
            long run = Checkpoints.read(transaction, pipeline).orElseThrow().run();
            int known = 0;
            for (Cursor key : keys) {
                String exact = CursorJson.write(key);
                String id = new Sha256()
                        .add(pipeline)
                        .add(Long.toString(run))
                        .add(NEVER_READ)
                        .add(exact)
                        .hex(32);
                known += transaction.update("DELETE FROM drover_dead_letter WHERE id = ?", id);
                transaction.update(SET_ASIDE, id, pipeline, StoredText.of(key.toString(), 1000), exact, NEVER_READ);
            }
            transaction.update(
                    "UPDATE drover_checkpoint SET dead_lettered = dead_lettered + ? WHERE pipeline = ?",
                    keys.size() - known,
                    pipeline);
            long place = transaction
                    .first(
                            "SELECT COALESCE(MIN(place), 0) FROM drover_receipt WHERE pipeline = ?",
                            (row, i) -> row.getLong(1),
                            pipeline)
                    .orElse(0L);
            Segments.Segment beside = new Segments.Segment(Math.min(place, 0) - 1, null, true);
            beside.add(keys, new Fates(0, 0, keys.size()));
            beside.write(transaction, pipeline);
            return place;
        });
    }

    /** Deletes the receipts of a pipeline that are older than this. */
    public void deleteOlderThan(String pipeline, Duration age) {
        int unused = on(transaction -> transaction.update(
                "DELETE FROM drover_receipt WHERE pipeline = ? AND settled_at < $now - ?", pipeline, age.toMillis()));
    }

    /** Deletes all that may have rows after a checkpoint that is set by hand: they are read again, or never were. */
    static void forget(Transaction transaction, String pipeline, @Nullable Cursor checkpoint) throws SQLException {
        if (checkpoint == null) {
            transaction.update("DELETE FROM drover_receipt WHERE pipeline = ?", pipeline);
            return;
        }
        record Last(long place, Cursor key) {}
        List<Last> all = transaction.list(
                "SELECT place, last_json FROM drover_receipt WHERE pipeline = ?",
                (row, i) -> new Last(row.getLong(1), CursorJson.read(row.getString(2))),
                pipeline);
        for (Last each : all) {
            if (!CursorOrder.isUpTo(each.key(), checkpoint)) {
                transaction.update(
                        "DELETE FROM drover_receipt WHERE pipeline = ? AND place = ?", pipeline, each.place());
            }
        }
    }

    private <T> T on(Transaction.Work<T> work) {
        return Transaction.on(store, "the receipts cannot be read or written now", work);
    }
}
