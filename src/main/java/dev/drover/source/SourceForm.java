package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.config.Doubt;
import dev.drover.config.Mode;
import dev.drover.config.OptionException;
import dev.drover.config.PagesConfig;
import dev.drover.consistency.BriefTableLock;
import dev.drover.consistency.ConsistencyChoice;
import dev.drover.consistency.HeldBack;
import dev.drover.consistency.LaggingKey;
import dev.drover.consistency.OpenTransactions;
import dev.drover.consistency.PostgresWriters;
import dev.drover.consistency.QuietSessions;
import dev.drover.consistency.SourceFacts;
import dev.drover.consistency.UpperKey;
import dev.drover.consistency.WritersGone;
import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeyProof;
import dev.drover.sql.KeyTypes;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.Names;
import dev.drover.sql.PageCheck;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.PageSql;
import dev.drover.sql.ReadFailure;
import dev.drover.sql.SqlStep;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source of a pipeline in one of its forms: a table, an SQL read step, or another read step, of which nothing is
 * known. An {@link SQLException} of its methods says that the database fails; the call is to be tried again.
 *
 * @param endpoint the endpoint of its {@code from}
 * @param step the SQL read step; empty for the other forms
 */
public record SourceForm(SourceOptions endpoint, Optional<SqlStep> step) {

    private static final Logger LOG = LoggerFactory.getLogger(SourceForm.class);

    public static SourceForm of(CamelContext context, RouteDefinition route, SourceOptions endpoint) {
        return new SourceForm(endpoint, endpoint.tableRead() == null ? SqlStep.of(context, route) : Optional.empty());
    }

    /** Whether the source is a database, read by the table form or by an SQL step. */
    public boolean readsSql() {
        return endpoint.tableRead() != null || step.isPresent();
    }

    /** The database that is read. */
    public DataSource source() {
        return step.map(SqlStep::source).orElseGet(endpoint::source);
    }

    /** The SQL of the read step; empty if there is none. */
    public Optional<PageSql> sql() {
        return step.map(sql -> sql.read(endpoint.config().key()));
    }

    /** A risk of the SQL of the read step; empty if there is none. */
    public Optional<Doubt> risk() {
        return sql().flatMap(read -> new PageCheck(read, endpoint.config().key()).risk());
    }

    /**
     * Checks that a page can be read.
     *
     * @throws IllegalArgumentException when the SQL needs a cursor and there is none
     */
    public void requireBeginning(@Nullable Cursor begin) {
        if (begin == null) {
            sql().flatMap(PageSql::withoutBeginning).ifPresent(why -> {
                throw new OptionException("startAfter", why);
            });
        }
    }

    /**
     * Checks that the SQL of the read step reads page after page. Otherwise it could skip rows silently.
     *
     * @throws OptionException if it does not
     */
    public void requireSql() {
        sql().flatMap(read -> new PageCheck(read, endpoint.config().key()).wrong())
                .ifPresent(why -> {
                    throw new OptionException("query", why);
                });
    }

    /**
     * Checks the key by the catalog. If the catalog knows nothing, such as for a view, it looks for a row without a
     * key.
     *
     * @return whether the catalog proves that the key is unique
     * @throws OptionException if the key cannot be used
     */
    public boolean requireKey() throws SQLException {
        if (!readsSql()) {
            return false;
        }
        try (Connection connection = source().getConnection()) {
            Optional<KeyProof> proof = keyProof(connection);
            Optional<Doubt> doubt =
                    proof.flatMap(found -> found.doubts().stream().findFirst());
            if (doubt.isEmpty() && proof.filter(KeyProof::isLeftToReading).isPresent()) {
                doubt = rowNowWithoutKey(connection, proof.get());
            }
            if (doubt.isPresent()) {
                throw new OptionException("key", doubt.get());
            }
            return proof.filter(KeyProof::isUnique).isPresent();
        }
    }

    private Optional<Doubt> rowNowWithoutKey(Connection connection, KeyProof proof) throws SQLException {
        try {
            return rowWithoutKey(connection, proof);
        } catch (SQLTimeoutException e) {
            LOG.warn("{}: whether a row has no key is not known: {}", endpoint.getName(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Looks for a row that has NULL in its key.
     *
     * @throws SQLTimeoutException if this takes longer than ten seconds
     */
    public Optional<Doubt> rowWithoutKey(Connection connection, KeyProof proof) throws SQLException {
        List<String> nullable = proof.nullable();
        if (nullable.isEmpty()) {
            return Optional.empty();
        }
        Names names = Names.of(connection, keyTable());
        String conditions = nullable.stream()
                .map(column -> names.column(column) + " IS NULL")
                .collect(Collectors.joining(" OR "));
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM " + names.table() + " WHERE " + conditions)) {
            statement.setMaxRows(1);
            statement.setQueryTimeout(10);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(proof.withoutKey()) : Optional.empty();
            }
        } catch (SQLException e) {
            throw "57014".equals(e.getSQLState()) ? new SQLTimeoutException("no answer within 10 s", e) : e;
        }
    }

    /** The table that has the key; empty if the SQL of the read step is more than a query of one table. */
    public Optional<String> table() {
        String named = endpoint.tableRead() == null ? endpoint.getKeyTable() : endpoint.tableRead();
        return named == null ? sql().flatMap(PageSql::table) : Optional.of(named);
    }

    /** The query that the database gets for the rows after a cursor. If it has a bound, that is the highest key. */
    public PageQuery query(Connection connection, @Nullable Cursor after, int rows) throws SQLException {
        if (step.isPresent()) {
            Cursor upTo = step.get().asksFor(PageRequest.UP_TO) ? highestKey(connection) : null;
            return step.get().query(new PageRequest(after, upTo, rows));
        }
        PageRequest page = PageRequest.after(after, rows);
        KeysetQuery keyset = endpoint.keyset(connection, endpoint.config().consistency());
        return new PageQuery(keyset.sql(page), statement -> keyset.bind(statement, page));
    }

    /**
     * Checks the types of the key before the first page.
     *
     * @param begin the key after which reading begins; null for the first row
     * @throws OptionException if a column cannot be a key, or {@code begin} or {@code until} does not fit it
     */
    public void requireKeyTypes(Connection connection, @Nullable Cursor begin) throws SQLException {
        try (PreparedStatement statement = query(connection, begin, 1).prepare(connection, "")) {
            ResultSetMetaData columns = statement.getMetaData();
            Optional<Doubt> refusal = columns == null ? Optional.empty() : keyRefusal(connection, columns, begin);
            if (refusal.isPresent()) {
                throw new OptionException("key", refusal.get());
            }
        } catch (SQLException e) {
            throw ReadFailure.of("the types of the key", e);
        }
    }

    /**
     * The first doubt about the types of the key, and of the values of {@code begin} and {@code until}; empty if there is
     * none.
     *
     * @param columns the columns of a page
     * @param begin the key after which reading begins; null for the first row
     */
    public Optional<Doubt> keyRefusal(Connection connection, ResultSetMetaData columns, @Nullable Cursor begin)
            throws SQLException {
        PagesConfig config = endpoint.config();
        List<Cursor> bounds = Stream.of(begin, config.limits().until())
                .filter(Objects::nonNull)
                .toList();
        return KeyTypes.refusal(connection, columns, config.key(), bounds);
    }

    private @Nullable Cursor highestKey(Connection connection) throws SQLException {
        return table().isEmpty()
                ? null
                : new HighestKey(table().get(), endpoint.config().key())
                        .find(connection)
                        .orElse(null);
    }

    /**
     * Counts the rows after a cursor by the pipeline's own SQL, so that its conditions apply.
     *
     * @param most the largest result
     * @param patience the longest time
     * @throws SQLException if the rows cannot be counted within this time
     */
    public long count(@Nullable Cursor after, int most, Duration patience) throws SQLException {
        try (Connection connection = source().getConnection()) {
            PageQuery all = query(connection, after, most);
            PageQuery counted = new PageQuery("SELECT COUNT(*) FROM (" + all.sql() + ") rows_left", all.binder());
            try (PreparedStatement statement = counted.prepare(connection, "")) {
                statement.setQueryTimeout(Math.toIntExact(patience.toSeconds()));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        }
    }

    /** The proof of the key by the catalog; empty if its table is unknown or not in the catalog. */
    public Optional<KeyProof> keyProof(Connection connection) throws SQLException {
        Optional<PageSql> sql = sql();
        Optional<String> table = table();
        Optional<TableFacts> facts = table.isEmpty() ? Optional.empty() : TableFacts.of(connection, table.get());
        return facts.map(found -> new KeyProof(
                found,
                endpoint.config().key().stream()
                        .map(part ->
                                sql.flatMap(parsed -> parsed.columnOf(part)).orElse(part))
                        .toList(),
                sql.map(PageSql::neverNull).orElse(Set.of()),
                sql.filter(parsed -> !parsed.returnsEachOnce(table.orElseThrow()))
                        .isPresent()));
    }

    /**
     * The table that has the key, for consistency modes that need it.
     *
     * @throws OptionException if it is not known
     */
    public String keyTable() {
        return table().orElseThrow(SourceForm::unknownTable);
    }

    private static OptionException unknownTable() {
        return new OptionException(
                "keyTable",
                "is not set, and the SQL is more than a query of one table; name the one that has the key, or put the SQL"
                        + " into a view, and read the view");
    }

    /**
     * Checks, without a database, that the mode and the bound are possible in this form.
     *
     * @throws OptionException if they are not
     */
    public void requireForm() {
        PagesConfig config = endpoint.config();
        if (config.limits().until() != null && step.isPresent() && !asksForUpperKey()) {
            throw new OptionException(
                    "query",
                    "needs the bound for until, or for --to of a backfill: AND "
                            + PageCheck.condition(config.key(), "<=", PageRequest.UP_TO));
        }
        if (!readsSql() && config.consistency().isExact()) {
            throw new OptionException(
                    "consistency",
                    config.consistency() + " needs the table form or a read step that is SQL; set LAG or STATIC");
        }
        if (readsSql() && !isTableKnown(config.consistency())) {
            throw unknownTable();
        }
    }

    /** STATIC only watches the table, so its SQL may also compute the key. */
    private boolean isTableKnown(Consistency mode) {
        return switch (mode) {
            case AUTO -> true; // the choice reports which modes are possible
            case STATIC -> table().or(() -> sql().flatMap(PageSql::onlyTable)).isPresent();
            default -> table().isPresent();
        };
    }

    /**
     * The consistency mode of the pipeline: the one that the user names, or the chosen one for AUTO.
     *
     * @throws OptionException if no mode fits, or the named mode does not
     */
    public Consistency consistency() throws SQLException {
        requireForm();
        requireChangeLog();
        PagesConfig config = endpoint.config();
        if (config.consistency() == Consistency.STATIC) {
            return Consistency.STATIC;
        }
        if (!readsSql() || table().isEmpty()) {
            Consistency chosen = new ConsistencyChoice(config, Optional.empty(), step).choose();
            if (chosen.isExact()) {
                throw unknownTable();
            }
            return chosen;
        }
        try (Connection connection = source().getConnection()) {
            SourceFacts facts = SourceFacts.of(connection, keyTable(), config);
            return new ConsistencyChoice(config, Optional.of(facts), step).choose();
        }
    }

    /**
     * Checks the premises of the chosen mode again.
     *
     * @throws OptionException if one no longer holds
     */
    void requirePremises(Consistency mode) throws SQLException {
        requireChangeLog();
        if (mode == Consistency.CLAIM) {
            Consistency unused = consistency();
        } else if (mode != Consistency.STATIC && table().isPresent()) {
            try (Connection connection = source().getConnection()) {
                Optional<Doubt> doubt = SourceFacts.of(connection, table().get(), endpoint.config())
                        .doubt(mode);
                if (doubt.isPresent()) {
                    throw new OptionException("consistency", doubt.get());
                }
            }
        }
    }

    /**
     * Checks the change log and its triggers, if one is read: without its trigger a change is never read.
     *
     * @throws IllegalArgumentException if the table cannot have a log, or its log may lack changes
     */
    public void requireChangeLog() throws SQLException {
        if (!endpoint.isChanges()) {
            return;
        }
        try (Connection connection = source().getConnection()) {
            Optional<Doubt> doubt = endpoint.changesDoubt(connection);
            if (doubt.isPresent()) {
                throw new OptionException("changes", doubt.get());
            }
        }
    }

    private boolean asksForUpperKey() {
        return step.filter(sql -> sql.asksFor(PageRequest.UP_TO)).isPresent();
    }

    /** Finds the bound of a page; empty if pages have none. */
    public Optional<UpperKey> upperKey(Consistency consistency) throws SQLException {
        PagesConfig config = endpoint.config();
        Cursor until = config.limits().until();
        if (until != null && (consistency == Consistency.STATIC || consistency == Consistency.XID)) {
            return Optional.of(known -> Optional.of(new UpperKey.Found(until)));
        }
        if (!consistency.needsUpperKey() && !asksForUpperKey()) {
            return Optional.empty();
        }
        HighestKey highest = new HighestKey(keyTable(), config.key());
        DataSource source = source();
        return Optional.of(
                switch (consistency) {
                    case LOCK ->
                        isMariaDb(source)
                                ? new BriefTableLock(source, highest)
                                : new WritersGone(source, highest, new PostgresWriters(highest));
                    case SESSIONS -> new WritersGone(source, highest, new QuietSessions());
                    case LAG -> new LaggingKey(source, highest, config.lag());
                    default -> known -> highestNow(source, highest);
                });
    }

    /** Finds rows that are committed but cannot be read yet. */
    public HeldBack heldBack(Consistency consistency) {
        PagesConfig config = endpoint.config();
        return consistency == Consistency.XID
                ? new OpenTransactions(source(), new HighestKey(keyTable(), config.key()), config.mode() == Mode.DRAIN)
                : HeldBack.NOTHING;
    }

    private static Optional<UpperKey.Found> highestNow(DataSource source, HighestKey highest) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Optional.of(new UpperKey.Found(highest.find(connection).orElse(null)));
        }
    }

    private static boolean isMariaDb(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Dialect.of(connection) == Dialect.MARIADB;
        }
    }
}
