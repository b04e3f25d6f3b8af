package dev.drover.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Sha256;
import dev.drover.ledger.Traced;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The traces of rows in the store. Every method throws {@link dev.drover.ledger.SettlementException} if the store
 * cannot be used now. Thread-safe.
 *
 * @param store a store with an up-to-date schema
 */
public record Traces(DataSource store) {

    private static final String INSERT = "INSERT INTO drover_trace (pipeline, record_key, outcome, batch, destination,"
            + " attempts, status, receipt, read_at, happened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final int LONGEST = 200;
    private static final int CHUNK = 1_000;

    /**
     * An event in the trace of a row.
     *
     * @param outcome {@code filtered}, {@code delivered}, {@code split}, {@code dead-lettered}, {@code left},
     *     {@code replayed} or {@code refused}
     * @param batch the {@code Idempotency-Key}; null if there was no batch
     * @param destination scheme, host and port; null if it was not sent
     * @param attempts the number of times that the batch had been sent
     * @param status the status of the last answer; null if there was none
     * @param receipt the receipt of the receiver; null if there is none
     * @param read the time at which the row was read
     * @param at the time of the event
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Event(
            String outcome,
            @Nullable String batch,
            @Nullable String destination,
            int attempts,
            @Nullable Integer status,
            @Nullable String receipt,
            @JsonSerialize(using = ToStringSerializer.class) Instant read,
            @JsonSerialize(using = ToStringSerializer.class) Instant at) {}

    /** All events of a row, oldest first. */
    public List<Event> of(String pipeline, Cursor key) {
        return on(transaction -> transaction.list(
                "SELECT outcome, batch, destination, attempts, status, receipt, read_at, happened_at FROM drover_trace"
                        + " WHERE pipeline = ? AND record_key = ? ORDER BY happened_at",
                (row, i) -> event(row),
                pipeline,
                text(key)));
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getObject(5, Integer.class),
                row.getString(6),
                instant(row.getLong(7)),
                instant(row.getLong(8)));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    void write(String pipeline, List<Traced> rows) {
        if (!rows.isEmpty()) {
            on(transaction -> {
                write(transaction, pipeline, rows);
                return rows;
            });
        }
    }

    static void write(Transaction transaction, String pipeline, List<Traced> rows) {
        List<@Nullable Object[]> some = new ArrayList<>();
        for (Traced traced : rows) {
            for (Cursor key : traced.keys()) {
                some.add(values(pipeline, key, traced));
                if (some.size() == CHUNK) {
                    transaction.updateAll(INSERT, some);
                    some.clear();
                }
            }
        }
        if (!some.isEmpty()) {
            transaction.updateAll(INSERT, some);
        }
    }

    private static @Nullable Object[] values(String pipeline, Cursor key, Traced traced) {
        Traced.Sent sent = traced.sent();
        return new @Nullable Object[] {
            pipeline,
            text(key),
            traced.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            sent == null ? null : sent.batch(),
            sent == null ? null : StoredText.of(sent.destination(), LONGEST),
            sent == null ? 0 : sent.attempts(),
            sent == null || sent.status() == 0 ? null : sent.status(),
            sent == null ? null : StoredText.of(sent.receipt(), LONGEST),
            traced.read(),
            traced.at()
        };
    }

    /** The text of a key in this table, which does not depend on the driver. A long text ends with a hash. */
    private static String text(Cursor key) {
        String text = ReceiptKeys.plain(key).stream()
                .map(value -> value instanceof String part ? part.replace(",", "\\,") : value.toString())
                .collect(Collectors.joining(", "));
        return text.length() <= LONGEST
                ? StoredText.of(text)
                : StoredText.of(text.substring(0, LONGEST - 33)) + " "
                        + new Sha256().add(text).hex(16);
    }

    /** Deletes traces that are older than this. */
    public void deleteOlderThan(String pipeline, Duration age) {
        long before = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().minus(age));
        int unused = on(transaction -> transaction.update(
                "DELETE FROM drover_trace WHERE pipeline = ? AND happened_at < ?", pipeline, before));
    }

    private <T> T on(Transaction.Work<T> work) {
        return Transaction.on(store, "the traces cannot be read or written now", work);
    }
}
