package dev.drover.deadletter;

import dev.drover.ledger.Backoff;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.Reread;
import dev.drover.store.DeadLetter;
import dev.drover.store.DeadLetterStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the current rows of dead letters again by their keys and sends them through the whole route of their pipeline. */
final class PresentRows implements Replay.Way {

    private static final Logger LOG = LoggerFactory.getLogger(PresentRows.class);

    private final DeadLetterStore store;
    private final Function<String, Optional<Reread>> pipelines;
    private final boolean dropGone;
    private final long run = System.currentTimeMillis();

    /**
     * Uses the routes of these pipelines.
     *
     * @param pipelines finds the reader for the rows of a pipeline by its name; empty if the pipeline does not exist
     * @param dropGone whether to remove the dead letters of rows that no longer exist
     */
    PresentRows(DeadLetterStore store, Function<String, Optional<Reread>> pipelines, boolean dropGone) {
        this.store = store;
        this.pipelines = pipelines;
        this.dropGone = dropGone;
    }

    @Override
    public Optional<String> obstacle(DeadLetter letter) {
        if (pipelines.apply(letter.pipeline()).isEmpty()) {
            return Optional.of("are of pipeline " + letter.pipeline() + ", which is not among the routes");
        }
        if (letter.cursor() == null) {
            return Optional.of("were set aside without their exact key, by an earlier version or by an INSERT without"
                    + " :#cursor; set the checkpoint back to read them again");
        }
        try {
            Cursor unused = CursorJson.read(letter.cursor());
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of("have a key that " + e.getMessage());
        }
    }

    @Override
    public String group(DeadLetter letter) {
        return letter.pipeline();
    }

    /** A new run: the rows may have changed, so a receiver must not take them for duplicates. */
    @Override
    public long run() {
        return run;
    }

    @Override
    public void deliver(ReplayChunk chunk, ReplayCounts counts) throws InterruptedException {
        Reread route = pipelines.apply(chunk.ledger().pipeline()).orElseThrow();
        for (Map.Entry<Cursor, List<ReplayChunk.Letter>> row : byKey(chunk).entrySet()) {
            if (chunk.ledger().isEnding()) {
                break;
            }
            Reread.Result found = send(route, chunk, row, counts);
            row.getValue().forEach(each -> each.row = found);
        }
        chunk.ledger().collecting().flush();
        chunk.awaitSettled();
        if (dropGone) {
            chunk.letters().stream()
                    .filter(each -> each.row == Reread.Result.GONE)
                    .forEach(each -> store.delete(each.stored.id()));
        }
    }

    /** Sends a row once although several destinations refused it. */
    private static Map<Cursor, List<ReplayChunk.Letter>> byKey(ReplayChunk chunk) {
        Map<Cursor, List<ReplayChunk.Letter>> rows = new LinkedHashMap<>();
        for (ReplayChunk.Letter each : chunk.letters()) {
            Cursor key = CursorJson.read(String.valueOf(each.stored.cursor()));
            rows.computeIfAbsent(key, any -> new ArrayList<>()).add(each);
        }
        return rows;
    }

    /**
     * Retries while the row cannot be read, as a pipeline does, until the replay is stopped. Null if it cannot be read by
     * its key.
     */
    private Reread.@Nullable Result send(
            Reread route, ReplayChunk chunk, Map.Entry<Cursor, List<ReplayChunk.Letter>> row, ReplayCounts counts)
            throws InterruptedException {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
        while (true) {
            try {
                return route.send(
                        chunk.ledger(),
                        row.getKey(),
                        row.getValue().get(0).stored.payload(),
                        found -> chunk.expect(found, row.getValue()));
            } catch (IllegalArgumentException e) {
                counts.kept(String.valueOf(e.getMessage()), row.getValue().size());
                return null;
            } catch (SQLException e) {
                Duration delay = backoff.next();
                LOG.warn(
                        "{}: a row could not be read again, tried again in {} ms: {}",
                        chunk.ledger().pipeline(),
                        delay.toMillis(),
                        e.getMessage());
                if (!chunk.ledger().pause(delay)) {
                    return Reread.Result.ON_ITS_WAY;
                }
            }
        }
    }
}
