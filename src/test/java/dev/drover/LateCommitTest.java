package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Events;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether rows that are committed late arrive, as each consistency mode promises; the receiver counts. */
@Integration
class LateCommitTest {

    private static final int ROWS = 2_000;

    /** A database, the mode, and what the mode needs. */
    private enum Exact {
        LOCK_ON_POSTGRES(Engine.POSTGRES, "LOCK", Events.key(Engine.POSTGRES)),
        XID_ON_POSTGRES(Engine.POSTGRES, "AUTO", Events.BY_TRANSACTION) {
            @Override
            RouteFile route() {
                return Events.routeByTransaction();
            }
        },
        LOCK_ON_MARIADB(Engine.MARIADB, "LOCK", Events.key(Engine.MARIADB)),
        XID_BY_READ_STEP(Engine.POSTGRES, "AUTO", Events.BY_TRANSACTION) {
            @Override
            RouteFile route() {
                return RouteFile.of("routes/orders.camel.yaml")
                        .replace("key: id", "key: written_by,id")
                        .replace("startAfter: \"0\"", "startAfter: \"'0',0\"\n        delay: 20")
                        .replace("id, customer, product, quantity, amount, ordered_at FROM orders", "* FROM events")
                        .replace(
                                "id > :#${variable.after} AND id <= :#${variable.upTo} ORDER BY id",
                                "(written_by, id) > (:#${variable.after[written_by]}, :#${variable.after[id]})"
                                        + " AND written_by < pg_snapshot_xmin(pg_current_snapshot())"
                                        + " ORDER BY written_by, id");
            }
        },
        CLAIM_ON_POSTGRES(Engine.POSTGRES, "CLAIM", Events.key(Engine.POSTGRES) + claimed("TIMESTAMPTZ")),
        CLAIM_ON_MARIADB(
                Engine.MARIADB,
                "CLAIM",
                Events.key(Engine.MARIADB) + claimed("TIMESTAMP(6) NULL") + ", INDEX (settled_at, id)"),
        CLAIM_ON_H2(Engine.H2, "CLAIM", Events.key(Engine.H2) + claimed("TIMESTAMP(6) WITH TIME ZONE")),
        SESSIONS_ON_H2(Engine.H2, "AUTO", Events.key(Engine.H2));

        private final Engine engine;
        private final String mode;
        private final String key;

        Exact(Engine engine, String mode, String key) {
            this.engine = engine;
            this.mode = mode;
            this.key = key;
        }

        private static String claimed(String time) {
            return ", claim_token VARCHAR(40), claimed_until " + time + ", settled_at " + time;
        }

        RouteFile route() {
            return Events.route();
        }
    }

    private final Receiver receiver = Receiver.start("id");
    private @Nullable Drover drover;

    @AfterEach
    void stop() {
        if (drover != null) {
            drover.close();
        }
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEveryCommittedRowWhenTheModeIsExact(Exact mode) throws Exception {
        // Given
        Database source = follow(mode, mode.mode);

        // When
        Set<Long> committed = new LateCommits(source, Events.INSERT).write(ROWS, 4711);

        // Then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(missed(committed)).isEmpty());
        assertThat(delivered()).hasSameSizeAs(committed);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(committed).hasSizeGreaterThanOrEqualTo(ROWS);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCK_ON_POSTGRES", "LOCK_ON_MARIADB", "SESSIONS_ON_H2"})
    void shouldMissRowsWhenTheModeIsStatic(Exact mode) throws Exception {
        // Given
        Database source = follow(mode, "STATIC");

        // When
        Set<Long> committed = new LateCommits(source, Events.INSERT).write(ROWS, 4711);
        String last = "id=" + ((TreeSet<Long>) committed).last();
        await().atMost(Duration.ofMinutes(1)).until(drover::checkpoint, last::equals);

        // Then
        assertThat(missed(committed)).isNotEmpty();
    }

    private Database follow(Exact mode, String consistency) {
        Database source = mode.engine.newDatabase();
        source.run("CREATE TABLE events (text VARCHAR(20) NOT NULL, " + mode.key + ")");
        drover = Drover.reading(source)
                .file(mode.route())
                .sendingTo(receiver)
                .set("drover.source.consistency", consistency)
                .sizes(100, 50, 5_000)
                .start();
        return source;
    }

    private Set<Long> missed(Set<Long> committed) {
        Set<Long> missed = new TreeSet<>(committed);
        missed.removeAll(delivered());
        return missed;
    }

    private Set<Long> delivered() {
        return receiver.accepted().keySet().stream().map(Long::valueOf).collect(Collectors.toCollection(TreeSet::new));
    }
}
