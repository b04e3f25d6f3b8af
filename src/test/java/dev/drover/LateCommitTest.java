package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
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
    private static final String INSERT = "INSERT INTO events (text) VALUES ('x')";

    /** A database, the mode, and what the mode needs. */
    private enum Exact {
        LOCK_ON_POSTGRES("LOCK", "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY") {
            @Override
            Database database() {
                return Database.postgres();
            }
        },
        XID_ON_POSTGRES(
                "AUTO",
                "written_by xid8 NOT NULL DEFAULT pg_current_xact_id(), id BIGINT GENERATED ALWAYS AS IDENTITY,"
                        + " PRIMARY KEY (written_by, id)") {
            @Override
            Database database() {
                return Database.postgres();
            }

            @Override
            RouteFile route() {
                return super.route()
                        .replace("key: id", "key: written_by,id")
                        .replace("startAfter: \"0\"", "startAfter: \"'0',0\"");
            }
        },
        LOCK_ON_MARIADB("LOCK", "id BIGINT AUTO_INCREMENT PRIMARY KEY") {
            @Override
            Database database() {
                return Database.mariaDb();
            }
        },
        XID_BY_READ_STEP(
                "AUTO",
                "written_by xid8 NOT NULL DEFAULT pg_current_xact_id(), id BIGINT GENERATED ALWAYS AS IDENTITY,"
                        + " PRIMARY KEY (written_by, id)") {
            @Override
            Database database() {
                return Database.postgres();
            }

            @Override
            RouteFile route() {
                return RouteFile.of("routes/orders.camel.yaml")
                        .replace("key: id", "key: written_by,id")
                        .replace("startAfter: \"0\"", "startAfter: \"'0',0\"\n        delay: 20")
                        .replace("id, customer, product, quantity, amount, ordered_at FROM orders", "* FROM events")
                        .replace(
                                "id > :#${variable.after} AND id <= :#${variable.upTo} ORDER BY id",
                                "(written_by, id) > (CAST(:#${variable.after[written_by]} AS xid8),"
                                        + " :#${variable.after[id]})"
                                        + " AND written_by < pg_snapshot_xmin(pg_current_snapshot())"
                                        + " ORDER BY written_by, id");
            }
        },
        CLAIM_ON_POSTGRES(
                "CLAIM",
                "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, claim_token VARCHAR(40), claimed_until TIMESTAMPTZ, settled_at TIMESTAMPTZ") {
            @Override
            Database database() {
                return Database.postgres();
            }
        },
        CLAIM_ON_MARIADB(
                "CLAIM",
                "id BIGINT AUTO_INCREMENT PRIMARY KEY, claim_token VARCHAR(40), claimed_until TIMESTAMP(6) NULL, settled_at TIMESTAMP(6) NULL, INDEX (settled_at, id)") {
            @Override
            Database database() {
                return Database.mariaDb();
            }
        },
        CLAIM_ON_H2(
                "CLAIM",
                "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, claim_token VARCHAR(40), claimed_until TIMESTAMP(6) WITH TIME ZONE, settled_at TIMESTAMP(6) WITH TIME ZONE") {
            @Override
            Database database() {
                return Database.h2();
            }
        },
        SESSIONS_ON_H2("AUTO", "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY") {
            @Override
            Database database() {
                return Database.h2();
            }
        };

        private final String mode;
        private final String key;

        Exact(String mode, String key) {
            this.mode = mode;
            this.key = key;
        }

        abstract Database database();

        RouteFile route() {
            return RouteFile.of("routes/examples/orders-table.camel.yaml")
                    .replace("table: orders", "table: events")
                    .replace("startAfter: \"0\"", "startAfter: \"0\"\n        delay: 20");
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
        Set<Long> committed = new LateCommits(source, INSERT).write(ROWS, 4711);

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
        Set<Long> committed = new LateCommits(source, INSERT).write(ROWS, 4711);
        String last = "id=" + ((TreeSet<Long>) committed).last();
        await().atMost(Duration.ofMinutes(1)).until(drover::checkpoint, last::equals);

        // Then
        assertThat(missed(committed)).isNotEmpty();
    }

    private Database follow(Exact mode, String consistency) {
        Database source = mode.database();
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
