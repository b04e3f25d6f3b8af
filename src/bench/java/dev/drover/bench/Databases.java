package dev.drover.bench;

import dev.drover.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes the tables that are read, each of a size once: a real PostgreSQL of this run, and files of H2. */
final class Databases {

    private static final Path SQL = Path.of("src/bench/sql");

    private final Path folder;
    private final Map<Long, Source> postgres = new HashMap<>();
    private final Map<Long, Source> h2 = new HashMap<>();

    Databases(Path folder) {
        this.folder = folder;
    }

    Source postgres(long rows) throws SQLException, IOException {
        Source known = postgres.get(rows);
        if (known == null) {
            PGSimpleDataSource database = (PGSimpleDataSource) PostgresServer.newDatabase();
            known = filled(new Source(database.getUrl().replaceAll("\\?.*", ""), "postgres"), "postgresql.sql", rows);
            postgres.put(rows, known);
        }
        return known;
    }

    Source h2(long rows) throws SQLException, IOException {
        Source known = h2.get(rows);
        if (known == null) {
            String file = folder.resolve("h2-" + rows).toAbsolutePath().toString();
            String url = "jdbc:h2:file:" + file + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
            known = filled(new Source(url, "drover"), "h2.sql", rows);
            h2.put(rows, known);
        }
        return known;
    }

    private static Source filled(Source source, String script, long rows) throws SQLException, IOException {
        Log.step("fills a table with %,d rows by %s", rows, script);
        try (Connection connection = DriverManager.getConnection(source.url(), source.user(), "");
                Statement statement = connection.createStatement()) {
            for (String sql : Files.readString(SQL.resolve(script)).split(";", -1)) {
                statement.execute(sql.replace(":rows", Long.toString(rows)));
            }
        }
        return source;
    }
}
