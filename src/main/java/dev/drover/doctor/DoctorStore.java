package dev.drover.doctor;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.ledger.Cause;
import dev.drover.sql.Dialect;
import dev.drover.sql.Query;
import dev.drover.store.StoreSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Checks that the store can be reached, has its tables, and is durable. Creates nothing. */
public final class DoctorStore {

    private static final Pattern H2_FILE = Pattern.compile("jdbc:h2:(?:file:)?(~?[./\\w][^;]*).*");
    private static final String NAME = "store";

    private final DataSource store;
    private final boolean create;
    private final List<DoctorCheck> checks = new ArrayList<>();
    private boolean tables;
    private boolean current;

    /**
     * Checks a store.
     *
     * @param create whether the next run creates tables in a store without any
     */
    public DoctorStore(DataSource store, boolean create) {
        this.store = store;
        this.create = create;
        look();
    }

    public List<DoctorCheck> checks() {
        return List.copyOf(checks);
    }

    /** Whether the store has the tables, so that a checkpoint can be read. */
    public boolean hasTables() {
        return tables;
    }

    /** Whether the tables are those of this version. */
    boolean isCurrent() {
        return current;
    }

    private void look() {
        String url = store instanceof HikariDataSource pool ? String.valueOf(pool.getJdbcUrl()) : "";
        if (isH2FileYetToCome(url)) {
            checks.add(
                    create
                            ? DoctorCheck.ok(NAME, "its file is not there yet, the first run makes it")
                            : missing("its file is not there"));
            checks.add(durable(url.toUpperCase(Locale.ROOT).contains("WRITE_DELAY=0")));
            return;
        }
        try (Connection connection = store.getConnection()) {
            checks.add(DoctorCheck.ok(NAME, "can be reached"));
            checks.add(durability(connection, url));
        } catch (SQLException | RuntimeException e) {
            checks.add(DoctorCheck.failed(
                    NAME,
                    "cannot be reached: " + Cause.line(e),
                    "check DROVER_STORE_URL, DROVER_STORE_USERNAME and DROVER_STORE_PASSWORD; an H2 file needs"
                            + " AUTO_SERVER=TRUE to be opened beside a running process"));
            return;
        }
        checks.add(schema());
    }

    private DoctorCheck schema() {
        try {
            StoreSchema.State state = StoreSchema.look(store);
            tables = state.exists();
            current = state.isCurrent();
            if (!state.tooNew().isEmpty()) {
                return DoctorCheck.failed(
                        "schema",
                        "is of a later Drover, version " + state.tooNew(),
                        "run that one, or restore the backup from before the upgrade");
            }
            if (!tables && !create) {
                return missing("has no tables of Drover");
            }
            return current
                    ? DoctorCheck.ok("schema", "is up to date")
                    : DoctorCheck.ok("schema", "lacks " + state.pending() + " migration(s), the next run makes them");
        } catch (RuntimeException e) {
            return DoctorCheck.failed(
                    "schema", Cause.line(e), "let the store's user read and create tables in its schema");
        }
    }

    private static DoctorCheck missing(String what) {
        return DoctorCheck.failed(
                NAME,
                what + ", and drover.store.create is false",
                "set DROVER_STORE_URL to the store that the pipelines used before, or DROVER_STORE_CREATE to true for"
                        + " their first run");
    }

    private static DoctorCheck durability(Connection connection, String url) throws SQLException {
        return switch (Dialect.of(connection)) {
            case H2 ->
                url.startsWith("jdbc:h2:mem:")
                        ? DoctorCheck.warning(
                                "durability",
                                "is in memory: checkpoints and dead letters are lost when the process ends",
                                "set DROVER_STORE_URL to a file or a server")
                        : durable(url.toUpperCase(Locale.ROOT).contains("WRITE_DELAY=0"));
            case POSTGRESQL -> setting(connection, "SHOW synchronous_commit", "off", "synchronous_commit = on");
            case MARIADB ->
                setting(
                        connection,
                        "SELECT IF(@@innodb_flush_log_at_trx_commit = 1, 'on', 'off')",
                        "off",
                        "innodb_flush_log_at_trx_commit = 1");
            case STANDARD -> DoctorCheck.notChecked("durability", "this database is not known");
        };
    }

    private static DoctorCheck setting(Connection connection, String query, String bad, String remedy)
            throws SQLException {
        return Query.first(connection, query, row -> row.getString(1))
                        .filter(bad::equals)
                        .isPresent()
                ? lazy("set " + remedy)
                : durable(true);
    }

    private static DoctorCheck durable(boolean atCommit) {
        return atCommit
                ? DoctorCheck.ok("durability", "a commit is on disk when it is answered")
                : lazy("add ;WRITE_DELAY=0 to DROVER_STORE_URL");
    }

    private static DoctorCheck lazy(String remedy) {
        return DoctorCheck.warning(
                "durability",
                "acknowledges commits that a crash loses: more records than the window are sent again",
                remedy);
    }

    private static boolean isH2FileYetToCome(String url) {
        Matcher file = H2_FILE.matcher(url);
        if (!file.matches() || url.startsWith("jdbc:h2:mem:") || url.startsWith("jdbc:h2:tcp:")) {
            return false;
        }
        String path = file.group(1).replaceFirst("^~", System.getProperty("user.home"));
        return !Files.exists(Path.of(path + ".mv.db"));
    }
}
