package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

@Integration
class ClaimsOnPostgresTest extends ClaimSuite {

    @Override
    Database database() {
        return Database.postgres();
    }

    @Test
    void shouldHaltWhenTheDatabaseDoesNotMarkWhatIsClaimed() {
        // Given
        Drover drover = instance();
        drover.start();
        await().until(() -> source.number(OPEN), BigDecimal.ZERO::equals);

        // When
        source.run(
                "CREATE RULE kept AS ON UPDATE TO orders DO INSTEAD NOTHING",
                "INSERT INTO orders SELECT id + 10000, customer, product, quantity, amount, ordered_at"
                        + " FROM orders WHERE id = 1");

        // Then
        await().untilAsserted(
                        () -> assertThat(drover.pipelines().get(0).ledger().halted())
                                .hasValueSatisfying(why -> assertThat(why).contains("marked 0 of 1 rows", "the rule")));
    }
}
