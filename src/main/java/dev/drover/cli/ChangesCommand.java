package dev.drover.cli;

import dev.drover.config.Doubt;
import dev.drover.folder.BadInputException;
import dev.drover.ledger.Cause;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.Dialect;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.util.function.ThrowingBiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover changes}: makes and removes the change log of a table. */
@Command(
        name = "changes",
        description = {
            "Print the SQL of a change log, a table and triggers that note which rows are inserted, updated and deleted,"
                    + " or run it.",
            "A pipeline reads the log with changes: true. PostgreSQL and MariaDB."
        },
        footer = {
            "",
            "Examples:",
            "  drover changes create orders              print the SQL",
            "  drover changes create orders --apply      run it",
            "  drover changes drop orders --apply"
        })
final class ChangesCommand extends DroverCommand implements Runnable {

    /** The arguments of both commands. */
    static final class Target {

        @Parameters(paramLabel = "TABLE", description = "The table, with or without its schema.")
        @SuppressWarnings("NullAway.Init") // set by the parser
        private String table;

        @Option(
                names = "--apply",
                description = "Run the SQL with the user of the source; it needs the right to make or drop tables and"
                        + " triggers.")
        private boolean apply;

        @Mixin
        private final Options.Routes routes = new Options.Routes();
    }

    @Override
    public void run() {
        throw subcommandMissing();
    }

    @Command(
            description = {
                "Print or make the change log of a table and its triggers.",
                "With --apply, new writers of the table wait until the present ones have ended, 10 s at most."
            },
            footer = {"", "Examples:", "  drover changes create orders", "  drover changes create sales.orders --apply"
            })
    int create(@Mixin Target target) {
        return with(target, (connection, log) -> {
            if (TableFacts.of(connection, log.quoted()).isPresent()) {
                throw new BadInputException("TABLE: " + log.table().fullName()
                        + " already has a change log; to create it again, drop it first with drover changes drop");
            }
            Optional<Doubt> cascade = log.cascade(connection);
            if (cascade.isPresent()) {
                throw new BadInputException("TABLE: " + cascade.get());
            }
            return log.create(Instant.now().getEpochSecond() * 1_000_000);
        });
    }

    @Command(
            description = "Print or run the SQL that removes the change log of a table and its triggers.",
            footer = {"", "Examples:", "  drover changes drop orders", "  drover changes drop orders --apply"})
    int drop(@Mixin Target target) {
        return with(target, (connection, log) -> log.drop());
    }

    private int with(Target target, ThrowingBiFunction<Connection, ChangeLog, List<String>, SQLException> work) {
        try (Connection connection = NewFile.connect(target.routes.path(), Map.of())) {
            TableFacts facts = ChangeLog.table(connection, target.table);
            List<String> key = NewKey.of(connection, facts, facts.primaryKey());
            List<String> statements = work.apply(connection, ChangeLog.of(connection, facts, key));
            if (target.apply) {
                apply(connection, statements);
                out().println(target.table + ": " + statements.size() + " statements were run");
            } else {
                print(Dialect.of(connection), statements);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw new BadInputException("TABLE: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new BadInputException("TABLE: the change log cannot be made or dropped: " + Cause.line(e), e);
        }
    }

    private static void apply(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** The client of MariaDB would end a trigger at its first semicolon. */
    private void print(Dialect dialect, List<String> statements) {
        boolean delimited = dialect == Dialect.MARIADB;
        if (delimited) {
            out().println("DELIMITER //");
        }
        statements.forEach(statement -> out().println(statement + (delimited ? "\n//" : ";")));
    }
}
