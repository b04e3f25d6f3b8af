package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.cli.Main;
import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Keeps the README true beyond what holds for every page: its commands run as printed, and it lists each of them. */
@Integration
class ReadmeTest {

    private static final String PASSWORD = "right";

    @TempDir
    Path folder;

    @Test
    void shouldPrintWhatItShowsWhenItsFirstCommandIsRun() throws Exception {
        // Given
        String command = found("```sh\\n(mvn.*?)\\n```").get(0);
        List<String> shown = found("```\\n(orders: .*?)\\n```").get(0).lines().toList();

        // When
        DroverProcess drover = DroverProcess.run(folder, Map.of(), optionsOf(command));
        int exitCode = drover.await();

        // Then
        assertThat(command).startsWith("mvn -B -ntp -Dquick package && java -jar target/drover.jar run ");
        assertThat(exitCode).isZero();
        assertThat(drover.output()).isEqualTo(shown);
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void shouldDeliverTheReadersOwnTableWhenItsLinesAreTypedInAFreshClone(Server server) throws Exception {
        // Given
        Database shop = server.database();
        shop.run(
                "CREATE TABLE invoices (invoice_no " + server.key + " PRIMARY KEY, customer VARCHAR(20) NOT NULL,"
                        + " total NUMERIC(12, 2) NOT NULL, issued_on DATE NOT NULL, note TEXT)",
                "INSERT INTO invoices (customer, total, issued_on) SELECT CONCAT('customer ', x % 7), x / 10.0,"
                        + " DATE '2026-01-01' FROM " + shop.rows(1, 1200));
        clone(folder);
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_TOOL_OPTIONS", String.join(" ", DroverProcess.fast()));
        String reader = server.reader(shop);

        // When
        try (Receiver receiver = Receiver.start("invoice_no")) {
            if (server == Server.MARIADB) {
                type(found("`(export [^`]*)`").get(0), environment, receiver);
            }
            for (String line : found("```sh\\n(export.*?)\\n```").get(0).lines().toList()) {
                String typed = line.replace("jdbc:postgresql://localhost:5432/shop", shop.url())
                        .replace("=shop", "=" + reader)
                        .replace("=...", "=" + PASSWORD)
                        .replace("http://localhost:8080/invoices", receiver.url());
                type(typed, environment, receiver);
            }

            // Then
            assertThat(receiver.accepted()).hasSize(1200);
            assertThat(receiver.duplicates()).isEmpty();
        }
        assertThat(folder.resolve("shop/invoices.camel.yaml")).exists();
    }

    private void type(String line, Map<String, String> environment, Receiver receiver) throws Exception {
        if (line.startsWith("export ")) {
            String[] variable = line.substring("export ".length()).split("=", 2);
            environment.put(variable[0], variable[1]);
            return;
        }
        try (DroverProcess drover = DroverProcess.line(folder, environment, line)) {
            if (line.contains(" run ")) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> receiver.accepted().size() == 1200);
                assertThat(drover.terminate()).isEqualTo(143);
            } else {
                assertThat(drover.await())
                        .as("%s %s %s", line, drover.output(), drover.errors())
                        .isZero();
                assertThat(drover.errors()).as(line).noneMatch(said -> said.contains("WARN"));
            }
        }
    }

    /** What a clone has, and what the first command builds. */
    private static void clone(Path folder) throws Exception {
        Files.createSymbolicLink(folder.resolve("target"), Path.of("target").toAbsolutePath());
        Files.createSymbolicLink(folder.resolve("routes"), DroverProcess.ROUTES);
    }

    enum Server {
        POSTGRESQL("BIGINT GENERATED ALWAYS AS IDENTITY"),
        MARIADB("BIGINT AUTO_INCREMENT");

        private final String key;

        Server(String key) {
            this.key = key;
        }

        Database database() {
            return this == POSTGRESQL ? Database.postgres() : Database.mariaDb();
        }

        /** A user with a password, and with the rights that the README asks for. */
        String reader(Database database) throws IOException {
            String name = "reader" + System.nanoTime();
            boolean postgres = this == POSTGRESQL;
            if (postgres) {
                Path access = Path.of(database.column("SHOW hba_file").get(0));
                Files.writeString(access, "host all " + name + " all scram-sha-256\n" + Files.readString(access));
                database.run("CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'", "SELECT pg_reload_conf()");
            } else {
                database.run("CREATE USER " + name + " IDENTIFIED BY '" + PASSWORD + "'");
            }
            found("`(GRANT [^`]*)`").stream()
                    .limit(postgres ? 1 : 3)
                    .map(grant -> grant.replace("shop.", database.name() + ".").replace("TO shop", "TO " + name))
                    .forEach(database::run);
            return name;
        }
    }

    @Test
    void shouldListEachCommandOnce() throws Exception {
        // When
        List<String> listed = found("\\| `(drover [a-z -]+)` \\|");

        // Then
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(leaves(Main.commandLine()).toList());
    }

    private static Stream<String> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command.getCommandSpec().qualifiedName())
                : command.getSubcommands().values().stream().flatMap(ReadmeTest::leaves);
    }

    private static String[] optionsOf(String command) {
        return command.substring(command.indexOf(" run ") + " run ".length()).split(" ");
    }

    private static List<String> found(String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(MatchResult::group)
                .map(text -> text.replaceAll("(?s)" + pattern, "$1"))
                .toList();
    }
}
