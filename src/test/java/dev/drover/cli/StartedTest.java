package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.cli.HealthCheck.Started;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartedTest {

    @Test
    void shouldExpectAPortWhenItRuns() {
        // When
        Started run = started("java", "-Xmx1g", "-jar", "/app/drover.jar", "run", "--drain");

        // Then
        assertThat(run.commandWithoutPort()).isEmpty();
        assertThat(run.routes()).isEqualTo(Path.of("routes"));
    }

    @Test
    void shouldExpectNoPortWhenItWorksBesideAnother() {
        // When
        Started backfill = started("java", "-jar", "/app/drover.jar", "backfill", "orders", "--from", "0", "--to", "9");

        // Then
        assertThat(backfill.commandWithoutPort()).isEqualTo("backfill");
    }

    @Test
    void shouldSeeTheCommandWhenAnInitProcessStandsBefore() {
        // When
        Started lint = started("/sbin/docker-init", "--", "java", "-jar", "/app/drover.jar", "lint");

        // Then
        assertThat(lint.commandWithoutPort()).isEqualTo("lint");
    }

    @Test
    void shouldExpectAPortWhenAnotherProgramIsTheFirst() {
        // When
        Started init = started("/sbin/init", "splash");
        Started camel = started("java", "-cp", "/app/drover.jar", "org.apache.camel.main.Main");

        // Then
        assertThat(init.commandWithoutPort()).isEmpty();
        assertThat(camel.commandWithoutPort()).isEmpty();
    }

    @Test
    void shouldFindTheRoutesWhenTheyAreNamed() {
        // When
        Started apart = started("java", "-jar", "drover.jar", "run", "--routes", "/etc/drover");
        Started joined = started("java", "-jar", "drover.jar", "run", "--routes=/etc/drover", "--drain");

        // Then
        assertThat(apart.routes()).isEqualTo(Path.of("/etc/drover")).isEqualTo(joined.routes());
    }

    private static Started started(String... words) {
        return Started.of(String.join("\0", words) + "\0");
    }
}
