package dev.drover.consistency;

import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The highest key as it was some time ago. Rows of transactions that end within that time are read. Rows of longer
 * transactions may be missed.
 */
public final class LaggingKey implements UpperKey {

    private final DataSource source;
    private final HighestKey highest;
    private final Duration lag;
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, @Nullable Cursor key) {}

    public LaggingKey(DataSource source, HighestKey highest, Duration lag) {
        this.source = source;
        this.highest = highest;
        this.lag = lag;
    }

    @Override
    public String awaited() {
        return "consistency LAG, " + lag.toSeconds() + " s after the first look";
    }

    @Override
    public Optional<Found> find(@Nullable Cursor known) throws SQLException {
        long now = System.nanoTime();
        try (Connection connection = source.getConnection()) {
            samples.addLast(new Sample(now, highest.find(connection).orElse(null)));
        }
        Sample old = null;
        while (!samples.isEmpty() && now - samples.getFirst().nanos() >= lag.toNanos()) {
            old = samples.removeFirst();
        }
        if (old == null) {
            return known == null ? Optional.empty() : Optional.of(new Found(known));
        }
        return Optional.of(new Found(old.key()));
    }
}
