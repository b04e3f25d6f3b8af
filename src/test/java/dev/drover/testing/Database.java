package dev.drover.testing;

import dev.drover.MariaDbServer;
import dev.drover.PostgresServer;
import dev.drover.Sql;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A new database of the test's own, and how a pipeline and the test reach it. */
public final class Database {

    private final DataSource dataSource;
    private final String url;
    private final String username;
    private final Function<String, String> series;

    private Database(DataSource dataSource, String url, String username, Function<String, String> series) {
        this.dataSource = dataSource;
        this.url = url;
        this.username = username;
        this.series = series;
    }

    /** H2 in memory, with names as in PostgreSQL. */
    public static Database h2() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID()
                + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1");
        h2.setUser("drover");
        return new Database(h2, h2.getURL(), "drover", range -> "SYSTEM_RANGE(" + range + ")");
    }

    /** The same in this file, which every process of this machine can open, also at the same time. */
    public static Database h2(Path file) {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:file:" + file
                + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;AUTO_SERVER=TRUE;WRITE_DELAY=0"
                + ";NETWORK_TIMEOUT=20000");
        h2.setUser("drover");
        return new Database(h2, h2.getURL(), "drover", range -> "SYSTEM_RANGE(" + range + ")");
    }

    /** A real PostgreSQL. */
    public static Database postgres() {
        return postgres("");
    }

    /** The same, made with these options of {@code CREATE DATABASE}. */
    public static Database postgres(String options) {
        try {
            return of((PGSimpleDataSource) PostgresServer.newDatabase(options));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** That of another PostgreSQL. */
    public static Database of(PGSimpleDataSource postgres) {
        return new Database(
                postgres, postgres.getURL(), "postgres", range -> "generate_series(" + range + ") AS series (x)");
    }

    /** A real MariaDB. */
    public static Database mariaDb() {
        try {
            String url = MariaDbServer.newDatabase();
            MariaDbDataSource mariaDb = new MariaDbDataSource(url + "?user=root");
            return new Database(
                    mariaDb,
                    url,
                    "root",
                    range -> "(SELECT seq AS x FROM seq_" + range.replace(", ", "_to_") + ") AS series");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same database; a pipeline reaches it through the proxy, the test as before. */
    public Database through(TcpProxy proxy) {
        return at(proxy.port(), "");
    }

    /** The same database; a pipeline reaches it at another port of this machine, with more settings in its URL. */
    public Database at(int port, String settings) {
        return new Database(
                dataSource, "jdbc:" + engine() + "://127.0.0.1:" + port + "/" + name() + settings, username, series);
    }

    private String engine() {
        return url.split(":", 3)[1];
    }

    /** Its name on its server. */
    public String name() {
        return URI.create(url.substring("jdbc:".length())).getPath().substring(1);
    }

    /** Where its server listens. */
    public int port() {
        return URI.create(url.substring("jdbc:".length())).getPort();
    }

    /** A connection of one's own. */
    public Connection open() throws SQLException {
        return dataSource.getConnection();
    }

    public String url() {
        return url;
    }

    public String username() {
        return username;
    }

    /** The consistency mode that is exact for a key which grows and is assigned inside the INSERT. */
    public String exact() {
        return url.startsWith("jdbc:h2") ? "SESSIONS" : "LOCK";
    }

    /** The orders of the demo with these ids, of 50 customers; makes the table if it is not there. */
    public Database orders(int from, int to) {
        run(
                "CREATE TABLE IF NOT EXISTS orders (id BIGINT PRIMARY KEY, customer VARCHAR(80) NOT NULL,"
                        + " product VARCHAR(80) NOT NULL, quantity INT NOT NULL, amount NUMERIC(12, 2) NOT NULL,"
                        + " ordered_at TIMESTAMP(6) NOT NULL)",
                "INSERT INTO orders SELECT x, CONCAT('customer ', MOD(x, 50)), CONCAT('product ', MOD(x, 7)),"
                        + " 1 + MOD(MOD(x, 9) * 11, 9), CAST(4.50 + MOD(MOD(x, 50000) * 1373, 50000) / 100.0 AS DECIMAL(12, 2)),"
                        + " TIMESTAMP '2026-01-02 08:00:00.000001' FROM " + rows(from, to));
        return this;
    }

    /** What to select numbers from, as {@code x}. */
    public String rows(int from, int to) {
        return series.apply(from + ", " + to);
    }

    public void run(String... statements) {
        try {
            Sql.run(dataSource, statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on, new sessions of this PostgreSQL database see another start time of their server. */
    public void lookRestarted() {
        run(
                "CREATE SCHEMA other",
                "CREATE FUNCTION other.pg_postmaster_start_time() RETURNS text LANGUAGE sql AS $$SELECT 'then'$$",
                "ALTER DATABASE " + name() + " SET search_path = other, pg_catalog, public");
    }

    /** The first column of all rows, as text. */
    public List<String> column(String query) {
        try {
            return Sql.lines(dataSource, query).lines().toList();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public BigDecimal number(String query) {
        return new BigDecimal(column(query).get(0));
    }
}
