package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first hour of a user with a table of his own, and five mistakes in it. What he sees is written to
 * {@code target/newcomer.txt}.
 */
class NewcomerTest {

    private static final Path TRANSCRIPT = Path.of("target", "newcomer.txt");
    private static final Path ROUTE = Path.of("routes", "invoices.camel.yaml");

    @TempDir
    Path folder;

    private final List<String> transcript = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Receiver receiver;
    private Database database;

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start("invoice_no");
        database = Database.postgres();
        database.run(
                "CREATE TABLE invoices (invoice_no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " customer TEXT NOT NULL, total NUMERIC(12, 2) NOT NULL, issued_on DATE NOT NULL, note TEXT)",
                "INSERT INTO invoices (customer, total, issued_on) SELECT 'customer ' || x % 7, x / 10.0,"
                        + " DATE '2026-01-01' + x % 90 FROM " + database.rows(1, 1200));
        environment.put("DROVER_SOURCE_URL", database.url());
        environment.put("DROVER_SOURCE_USERNAME", newcomer(database));
        environment.put("DROVER_SOURCE_PASSWORD", "right");
    }

    @AfterEach
    void stop() throws IOException {
        receiver.close();
        Files.write(TRANSCRIPT, transcript);
    }

    @Test
    void shouldGetAlongWhenTheTableIsHisOwn() throws Exception {
        // Then
        assertThat(drover("new", "invoices", "--table", "invoices", "--url", receiver.url())
                        .await())
                .isZero();
        assertThat(drover("lint").await()).isZero();
        assertThat(drover("doctor").await()).isZero();
        assertThat(drover("plan", "--limit", "2").await()).isZero();
        assertThat(drover("run", "--drain").await()).isZero();
        assertThat(drover("status").await()).isZero();
        assertThat(receiver.accepted()).hasSize(1200);
        assertThat(receiver.duplicates()).isEmpty();

        // Then
        String right = Files.readString(folder.resolve(ROUTE));
        edit(right, "pageSize:", "pageSze:");
        assertOneLine(drover("run", "--drain"), ROUTE + ":", "pageSze");
        edit(right, "description: Page into", "description: Page: into");
        assertOneLine(drover("run", "--drain"), ROUTE + ":");
        edit(right, "table: \"invoices\"", "table: \"invoice\"");
        assertOneLine(drover("run", "--drain"), ROUTE + ":", "table");
        edit(right, "", "");
        set("DROVER_SOURCE_PASSWORD", "wrong");
        assertOneLine(drover("run", "--drain"), "drover.source.password");
        set("DROVER_SOURCE_PASSWORD", "right");
        set("DROVER_SOURCE_CONSISTENCY", "XID");
        assertOneLine(drover("run"), ROUTE + ":", "consistency");
        database.run("ALTER TABLE invoices ALTER invoice_no DROP IDENTITY");
        set("DROVER_SOURCE_CONSISTENCY", "LOCK");
        String words = "lock needs keys that grow in the order of the INSERTs, but invoices.invoice_no has no default";
        assertOneLine(drover("run"), ROUTE + ":", words, "set promises to keysGrow");
        DroverProcess unsafe = drover("doctor");
        assertThat(unsafe.await()).isEqualTo(1);
        assertThat(String.join(" ", unsafe.output())).contains(words);
    }

    private static void assertOneLine(DroverProcess refused, String... parts) throws Exception {
        assertThat(refused.errors()).singleElement().asString().contains(parts);
        assertThat(refused.await()).isEqualTo(2);
    }

    private void edit(String right, String old, String replacement) throws IOException {
        assertThat(right).contains(old);
        int at = right.indexOf(old);
        Files.writeString(
                folder.resolve(ROUTE), right.substring(0, at) + replacement + right.substring(at + old.length()));
        if (!old.isEmpty()) {
            transcript.add("# in " + ROUTE + ": '" + replacement.strip() + "' instead of '" + old.strip() + "'");
        }
    }

    private void set(String variable, String value) {
        environment.put(variable, value);
        transcript.add("$ export " + variable + "=" + value);
    }

    private DroverProcess drover(String... words) throws Exception {
        DroverProcess drover = DroverProcess.in(folder, environment, words);
        transcript.add("$ drover " + String.join(" ", words));
        transcript.addAll(drover.output());
        transcript.addAll(drover.errors());
        transcript.add("(exit code " + drover.await() + ")");
        transcript.add("");
        return drover;
    }

    /** A user who needs a password, which the server of the tests does not ask others for. */
    private static String newcomer(Database database) throws IOException {
        String name = "newcomer" + System.nanoTime();
        Path access = Path.of(database.column("SHOW hba_file").get(0));
        Files.writeString(access, "host all " + name + " all scram-sha-256\n" + Files.readString(access));
        database.run(
                "CREATE ROLE " + name + " LOGIN PASSWORD 'right'",
                "GRANT SELECT ON invoices TO " + name,
                "SELECT pg_reload_conf()");
        return name;
    }
}
