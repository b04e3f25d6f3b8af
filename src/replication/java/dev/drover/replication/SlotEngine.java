package dev.drover.replication;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.sql.TableFacts;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Debezium's engine on a slot. It hands over one batch at a time: its thread waits until the batch is acknowledged, and
 * then marks it, which moves the slot. Only the slot stores the position. Used by one thread.
 */
final class SlotEngine
        implements DebeziumEngine.ChangeConsumer<ChangeEvent<SourceRecord, SourceRecord>>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlotEngine.class);
    private static final long TICK = 100;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private final Thread thread;
    private final SynchronousQueue<List<SourceRecord>> batches = new SynchronousQueue<>();
    private final Semaphore acknowledged = new Semaphore(0);
    private volatile boolean closing;
    private volatile @Nullable String ended;

    /**
     * Starts the engine at the position of the slot.
     *
     * @param columns the columns whose values are needed; empty for all
     */
    SlotEngine(Slot slot, DataSource source, TableFacts table, List<String> columns) throws SQLException {
        Properties set = properties(slot, source, table);
        set.setProperty("converters", "texts");
        set.setProperty("texts.type", ColumnTexts.class.getName());
        set.setProperty("texts." + ColumnTexts.COLUMNS, String.join(ColumnTexts.SEPARATOR, columns));
        set.setProperty("include.unknown.datatypes", "true");
        this.engine = DebeziumEngine.create(Connect.class)
                .using(set)
                .using((success, message, error) -> ended = String.valueOf(message))
                .notifying(this)
                .build();
        this.thread = new Thread(engine, "replication-" + slot.name());
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private static Properties properties(Slot slot, DataSource source, TableFacts table) throws SQLException {
        HikariDataSource pool = source.unwrap(HikariDataSource.class);
        Properties url = Driver.parseURL(pool.getJdbcUrl(), null);
        if (url == null) {
            throw new SQLException("drover.source.url is not a URL of PostgreSQL");
        }
        Properties set = new Properties();
        set.setProperty("name", "drover");
        set.setProperty("topic.prefix", "drover");
        set.setProperty("connector.class", PostgresConnector.class.getName());
        set.setProperty("offset.storage", MemoryOffsetBackingStore.class.getName());
        set.setProperty("offset.flush.interval.ms", "0");
        set.setProperty("errors.max.retries", "0"); // Drover starts the engine again, and checks the slot first
        set.setProperty("slot.max.retries", "0");
        set.setProperty("database.hostname", url.getProperty("PGHOST").split(",", 2)[0]);
        set.setProperty("database.port", url.getProperty("PGPORT").split(",", 2)[0]);
        set.setProperty("database.dbname", url.getProperty("PGDBNAME"));
        set.setProperty("database.user", pool.getCredentials().getUsername());
        String password = pool.getCredentials().getPassword();
        set.setProperty("database.password", password == null ? "" : password);
        url.stringPropertyNames().stream()
                .filter(option -> option.startsWith("ssl"))
                .forEach(option -> set.setProperty("driver." + option, url.getProperty(option)));
        set.setProperty("plugin.name", "pgoutput");
        set.setProperty("slot.name", slot.name());
        set.setProperty("slot.drop.on.stop", "false");
        set.setProperty("publication.name", slot.publication());
        set.setProperty("publication.autocreate.mode", "disabled");
        set.setProperty("table.include.list", Pattern.quote(table.schema() + "." + table.name()));
        set.setProperty("snapshot.mode", "no_data");
        set.setProperty(
                "provide.transaction.metadata", "true"); // only the end of a transaction has the position of its commit
        // while this table is quiet, the slot would otherwise keep the log of all other tables
        set.setProperty("heartbeat.interval.ms", "10000");
        set.setProperty("heartbeat.action.query", "SELECT pg_logical_emit_message(false, 'drover', '')");
        set.setProperty("skipped.operations", "none");
        set.setProperty("tombstones.on.delete", "false");
        set.setProperty("poll.interval.ms", "50");
        set.setProperty("max.queue.size.in.bytes", "33554432");
        return set;
    }

    @Override
    public void handleBatch(
            List<ChangeEvent<SourceRecord, SourceRecord>> batch,
            DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
            throws InterruptedException {
        List<SourceRecord> records = batch.stream().map(ChangeEvent::value).toList();
        boolean taken = false;
        while (!taken && !closing) {
            taken = batches.offer(records, TICK, TimeUnit.MILLISECONDS);
        }
        while (taken && !closing) {
            if (acknowledged.tryAcquire(TICK, TimeUnit.MILLISECONDS)) {
                for (ChangeEvent<SourceRecord, SourceRecord> each : batch) {
                    committer.markProcessed(each);
                }
                committer.markBatchFinished();
                return;
            }
        }
    }

    /**
     * Returns the next batch, which the caller must {@link #acknowledge}.
     *
     * @return an empty list if none comes within this time
     * @throws SQLException if the engine has ended
     */
    List<SourceRecord> next(Duration patience) throws SQLException {
        try {
            List<SourceRecord> next = batches.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null && ended != null) {
                throw new SQLException("the replication has ended: " + ended);
            }
            return next == null ? List.of() : next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Acknowledges the last batch, which must be settled. */
    void acknowledge() {
        acknowledged.release();
    }

    /** Waits until the engine has ended, because it refuses to be closed while it starts, and would keep the slot. */
    @Override
    public void close() {
        closing = true;
        long end = System.nanoTime() + LONGEST_CLOSE.toNanos();
        try {
            while (thread.isAlive() && System.nanoTime() < end) {
                closeIfStarted();
                thread.join(TICK);
            }
            if (thread.isAlive()) {
                LOG.warn("{} does not end, and keeps the slot", thread.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeIfStarted() {
        try {
            engine.close();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("the replication is starting, or has ended", e);
        }
    }
}
