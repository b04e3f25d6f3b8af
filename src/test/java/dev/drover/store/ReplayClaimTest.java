package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.Sql;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which replay sends a dead letter; runs on H2, a subclass for each other database. */
class ReplayClaimTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration NONE = Duration.ZERO;

    private DataSource database;

    DataSource emptyDatabase() throws Exception {
        return Sql.newH2();
    }

    @BeforeEach
    void insert() throws Exception {
        database = emptyDatabase();
        StoreSchema.migrate(database);
        Sql.run(
                database,
                "INSERT INTO drover_dead_letter (id, pipeline, record_key, reason) VALUES"
                        + " ('a', 'orders', 'id=1', 'bad'), ('b', 'orders', 'id=2', 'bad'), ('c', 'orders', 'id=3', 'bad')");
    }

    @Test
    void shouldLeaveOutThoseOfAnotherReplayWhenBothClaim() {
        // When
        ReplayClaim first = claim(LONG, "a", "b");
        ReplayClaim second = claim(LONG, "b", "c", "gone");

        // Then
        assertThat(first.ids()).containsExactlyInAnyOrder("a", "b");
        assertThat(second.ids()).containsExactly("c");
        assertThat(first.lease().isHeld()).isTrue();
        assertThat(second.lease().isHeld()).isTrue();
    }

    @Test
    void shouldHaveThemWhenTheOtherReplayHasGivenThemBack() {
        // Given
        ReplayClaim first = claim(LONG, "a", "b");

        // When
        first.release();

        // Then
        assertThat(first.lease().isHeld()).isFalse();
        assertThat(claim(LONG, "a", "b").ids()).hasSize(2);
    }

    @Test
    void shouldLoseThemWhenItWasNotHeardOfAndAnotherReplayHasClaimedThem() {
        // Given
        ReplayClaim killed = claim(NONE, "a", "b");

        // When
        ReplayClaim next = claim(LONG, "a", "b");
        killed.renew();
        killed.release();

        // Then
        assertThat(next.ids()).hasSize(2);
        assertThat(killed.lease().isLost()).isTrue();
        assertThat(claim(LONG, "a", "b").ids()).isEmpty();
    }

    @Test
    void shouldKeepThemWhenItIsRenewedInTime() throws Exception {
        // Given
        ReplayClaim first = claim(LONG, "a", "b");
        Sql.run(database, "UPDATE drover_dead_letter SET replayed_until = 1");

        // When
        first.renew();

        // Then
        assertThat(first.lease().isHeld()).isTrue();
        assertThat(claim(LONG, "a", "b", "c").ids()).containsExactly("c");
    }

    private ReplayClaim claim(Duration length, String... ids) {
        return ReplayClaim.of(database, length, List.of(ids));
    }
}
