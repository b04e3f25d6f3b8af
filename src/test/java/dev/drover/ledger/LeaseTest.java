package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.drover.MariaDbServer;
import dev.drover.PostgresServer;
import dev.drover.Sql;
import dev.drover.store.Checkpoint;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.Checkpoints;
import dev.drover.store.Checkpoints.Claim;
import dev.drover.store.OwnedException;
import dev.drover.store.StoreSchema;
import dev.drover.testing.Integration;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** One owner at a time, by the clock of the store. */
@Integration
class LeaseTest {

    private static final List<String> ID = List.of("id");
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private enum Kind {
        H2 {
            @Override
            DataSource database() {
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
                return h2;
            }
        },
        POSTGRES {
            @Override
            DataSource database() throws SQLException {
                return PostgresServer.newDatabase();
            }
        },
        MARIA_DB {
            @Override
            DataSource database() throws SQLException {
                return new MariaDbDataSource(MariaDbServer.newDatabase() + "?user=root");
            }
        };

        abstract DataSource database() throws SQLException;

        DataSource store() throws SQLException {
            DataSource store = database();
            StoreSchema.migrate(store);
            return store;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheOwnerAndChangeNothingWhenItsLeaseIsRunning(Kind kind) throws SQLException {
        // Given
        DataSource store = kind.store();
        Checkpoints checkpoints = new Checkpoints(store);
        Checkpoint owner = checkpoints.take("orders", ID, claim("first", LONG));

        // When
        OwnedException refused =
                catchThrowableOfType(OwnedException.class, () -> checkpoints.take("orders", ID, claim("second", LONG)));

        // Then
        assertThat(refused).hasMessageStartingWith("pipeline orders is owned by first, whose lease ends in 3");
        assertThat(refused.left()).isBetween(Duration.ofMinutes(50), LONG);
        assertThat(new CheckpointEditor(store).of("orders").orElseThrow().owner())
                .isEqualTo("first");
        assertThatCode(() -> owner.settle(List.of(page(10)))).doesNotThrowAnyException();
        assertThat(owner.lease().isHeld()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeTakenWithinTheLeaseWhenItsOwnerSaysNothingMore(Kind kind) throws SQLException {
        // Given
        Checkpoints checkpoints = new Checkpoints(kind.store());
        Checkpoint first = checkpoints.take("orders", ID, claim("first", SHORT));

        // When
        await().until(() -> {
            boolean taken = isTaken(checkpoints);
            assertThat(taken && first.lease().isHeld()).as("two owners at once").isFalse();
            return taken;
        });

        // Then
        assertThatThrownBy(first::renew)
                .isInstanceOf(FencedException.class)
                .hasMessage("pipeline orders is no longer owned by 1: owner 2 has taken it over");
        assertThatThrownBy(() -> first.settle(List.of(page(10)))).isInstanceOf(FencedException.class);
        assertThat(first.lease().isLost()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithTheSameEpochWhenItIsRenewedLateAndNobodyTookOver(Kind kind) throws SQLException {
        // Given
        DataSource store = kind.store();
        Checkpoints checkpoints = new Checkpoints(store);
        Checkpoint owner = checkpoints.take("orders", ID, claim("first", SHORT));
        await().until(() -> !owner.lease().isHeld());

        // When
        owner.renew();

        // Then
        assertThat(owner.lease().isHeld()).isTrue();
        assertThat(isTaken(checkpoints)).isFalse();
        assertThat(new CheckpointEditor(store).of("orders").orElseThrow().epoch())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeFreeAtOnceWhenItIsGivenBack(Kind kind) throws SQLException {
        // Given
        Checkpoints checkpoints = new Checkpoints(kind.store());
        Checkpoint first = checkpoints.take("orders", ID, claim("first", LONG));

        // When
        first.release();

        // Then
        assertThat(first.lease().isHeld()).isFalse();
        assertThat(isTaken(checkpoints)).isTrue();
    }

    @Test
    void shouldLeaveTheLeaseOfTheNextOwnerWhenAnEarlierOneGivesItBackLate() throws SQLException {
        // Given
        Checkpoints checkpoints = new Checkpoints(Kind.H2.store());
        Checkpoint first = checkpoints.take("orders", ID, claim("first", LONG));
        checkpoints.take("orders", ID, new Claim("second", LONG, true));

        // When
        first.release();

        // Then
        assertThat(isTaken(checkpoints)).isFalse();
    }

    @Test
    void shouldKeepNextOwnersWaitingWhenTheCheckpointIsSetBesideARunningOne() throws SQLException {
        // Given
        DataSource store = Kind.H2.store();
        Checkpoints checkpoints = new Checkpoints(store);
        Checkpoint owner = checkpoints.take("orders", ID, claim("first", LONG));

        // When
        new CheckpointEditor(store).set("orders", null);

        // Then
        assertThat(isTaken(checkpoints)).isFalse();
        assertThatThrownBy(owner::renew).isInstanceOf(FencedException.class);
        assertThat(owner.lease().isHeld()).isFalse();
    }

    @Test
    void shouldNotBeHeldWhenTheStoreIsGoneForLongerThanTheLease() throws SQLException {
        // Given
        FlakyStore store = new FlakyStore(Kind.H2.store());
        Checkpoint owner = new Checkpoints(store).take("orders", ID, claim("first", SHORT));
        store.is(FlakyStore.Mood.GONE);

        // When
        await().until(() -> {
            Throwable gone = catchThrowable(owner::renew);
            assertThat(gone).isInstanceOf(SettlementException.class);
            return !owner.lease().isHeld();
        });

        // Then
        assertThat(owner.lease().isLost()).isFalse();
    }

    @Test
    void shouldNotMoveWithTheTimeZoneOfTheSessionWhenMariaDbCountsTheTime() throws SQLException {
        // Given
        String url = MariaDbServer.newDatabase() + "?user=root";
        DataSource store = new MariaDbDataSource(url);
        StoreSchema.migrate(store);
        new Checkpoints(store).take("orders", ID, claim("first", LONG));

        // When
        DataSource elsewhere = new MariaDbDataSource(url + "&sessionVariables=time_zone='+05:00'");

        // Then
        assertThat(Sql.lines(elsewhere, "SELECT @@time_zone")).isEqualTo("+05:00\n");
        assertThat(isTaken(new Checkpoints(elsewhere))).isFalse();
    }

    @Test
    void shouldRefuseTheLengthWhenItIsTooShortToBeRenewed() {
        assertThatThrownBy(() -> claim("first", Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("leaseDuration: 999 ms is not allowed, it must be at least 1000 ms");
    }

    private static boolean isTaken(Checkpoints checkpoints) {
        try {
            checkpoints.take("orders", ID, claim("second", LONG));
            return true;
        } catch (OwnedException e) {
            return false;
        }
    }

    private static Claim claim(String owner, Duration lease) {
        return new Claim(owner, lease, false);
    }

    private static SettledPage page(long last) {
        return new SettledPage(new Cursor(List.of("id"), List.of(last)), 10);
    }
}
