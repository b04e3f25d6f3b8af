package dev.drover.pages;

import dev.drover.config.ByteLimits;
import dev.drover.config.ClaimOptions;
import dev.drover.config.Consistency;
import dev.drover.config.ConsistencyOption;
import dev.drover.config.Doubt;
import dev.drover.config.Mode;
import dev.drover.config.OptionException;
import dev.drover.config.PagesConfig;
import dev.drover.config.Promise;
import dev.drover.config.RunLimits;
import dev.drover.config.Schedule;
import dev.drover.consistency.ClaimTable;
import dev.drover.consistency.Claims;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorLiteral;
import dev.drover.rows.ChangeFeed;
import dev.drover.rows.ChangeReader;
import dev.drover.rows.ChangeUpkeep;
import dev.drover.rows.Columns;
import dev.drover.rows.Page;
import dev.drover.rows.PageReader;
import dev.drover.rows.PlannedSnapshot;
import dev.drover.rows.PrunedLog;
import dev.drover.rows.TableReader;
import dev.drover.source.SourceOptions;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Read the rows of a table or query page by page after a key, and move a checkpoint over what was settled. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "pages",
        title = "Pages",
        syntax = "pages:name",
        consumerOnly = true,
        remote = false,
        category = {Category.DATABASE})
public class PagesEndpoint extends DefaultEndpoint implements ConsistencyOption, SourceOptions {

    /** A little less than the number of values that PostgreSQL takes in one statement. */
    private static final int MOST_PARAMETERS = 30_000;

    private final PagesComponent component;

    @UriPath(description = "The name of the pipeline and of its checkpoint")
    @Metadata(required = true)
    private String name;

    @UriParam(description = "The unique, ordered key columns, separated by commas")
    @Metadata(required = true)
    private @Nullable String key;

    @UriParam(description = "The table to read; without it a step of the route reads the page")
    private @Nullable String table;

    @UriParam(description = "The columns to read, separated by commas; all of them if not set (table form only)")
    private @Nullable String columns;

    @UriParam(
            description = "The key after which a pipeline without a checkpoint begins: one literal for each key column,"
                    + " separated by commas, text in single quotes; without it, it begins at the first row (a read step"
                    + " needs it)")
    private @Nullable String startAfter;

    @UriParam(defaultValue = "1000", description = "How many records a page asks for")
    private int pageSize = 1000;

    @UriParam(
            defaultValue = "10000",
            description = "The window: how many records may be read and not yet passed by the checkpoint")
    private int maxInFlight = 10_000;

    @UriParam(
            defaultValue = "1000",
            javaType = "java.time.Duration",
            description = "How long to wait on a drained source before looking for new rows")
    private long delay = 1000;

    @UriParam(
            defaultValue = "5000",
            javaType = "java.time.Duration",
            description =
                    "How long to wait at most on a source that has had no rows for a while: the wait grows from delay to a"
                            + " tenth of the time without rows. With 0 it does not grow")
    private long longestDelay = 5000;

    @UriParam(defaultValue = "FOLLOW", enums = "FOLLOW,DRAIN", description = "What to do when the source is drained")
    private Mode mode = Mode.FOLLOW;

    @UriParam(
            description =
                    "The minutes in which the pipeline reads, as the five fields of cron (minute, hour, day, month,"
                            + " weekday), followed by a time zone (default: UTC). By default it always reads")
    private @Nullable String schedule;

    @UriParam(
            defaultValue = "AUTO",
            enums = "AUTO,STATIC,XID,LOCK,SESSIONS,CLAIM,LAG",
            description = "What keeps rows that are committed late from being passed over; AUTO is the exact way that"
                    + " the source allows, and is refused where there is none")
    private Consistency consistency = Consistency.AUTO;

    @UriParam(
            description = "What you vouch for where no catalog shows it, separated by commas: keysGrow, keysByDefault,"
                    + " notReplica, hiddenForever")
    private @Nullable String promises;

    @UriParam(
            defaultValue = "10000",
            javaType = "java.time.Duration",
            description = "How far consistency LAG stays behind")
    private long lag = 10_000;

    @UriParam(
            description =
                    "The table that has the key. Required if a read step reads several tables, by default the table of its"
                            + " SQL")
    private @Nullable String keyTable;

    @UriParam(
            description = "Consistency CLAIM: the table with the claims, which has the key columns and claim_token,"
                    + " claimed_until and settled_at; the table that is read if not set")
    private @Nullable String claimTable;

    @UriParam(
            defaultValue = "300000",
            javaType = "java.time.Duration",
            description = "Consistency CLAIM: after how long a claim that is not renewed ends")
    private long claimLease = 300_000;

    @UriParam(
            defaultValue = "0",
            javaType = "java.time.Duration",
            description =
                    "Consistency CLAIM: how long settled rows of the claim table are kept before they are deleted;"
                            + " 0 keeps them")
    private long claimRetention;

    @UriParam(
            defaultValue = "false",
            description =
                    "Whether to read the change log of the table, which drover changes create makes. Each record is an"
                            + " insert, an update or a delete (PostgreSQL and MariaDB)")
    private boolean changes;

    @UriParam(
            defaultValue = "true",
            description = "With changes: whether a pipeline without a checkpoint first delivers all existing rows")
    private boolean snapshot = true;

    @UriParam(
            defaultValue = "604800000",
            javaType = "java.time.Duration",
            description =
                    "With changes: how long settled changes are kept in the log before they are deleted; 0 keeps them")
    private long changeRetention = Duration.ofDays(7).toMillis();

    @UriParam(
            description =
                    "With changes: the bean that supplies the changes instead of a change log, such as a replication"
                            + " slot of PostgreSQL")
    private @Nullable ChangeFeed changeFeed;

    @UriParam(defaultValue = "0", description = "How many records to read before the pipeline ends; 0 is no limit")
    private long limit;

    @UriParam(description = "The last key that is read before the pipeline ends, written like startAfter")
    private @Nullable String until;

    @UriParam(
            defaultValue = "0",
            description =
                    "How many records may become dead letters in one run before the pipeline halts; 0 is no limit")
    private long maxFailures;

    @UriParam(
            defaultValue = "0",
            javaType = "java.time.Duration",
            description = "How long to read before the pipeline ends; 0 is no limit")
    private long deadline;

    @UriParam(
            defaultValue = "16777216",
            description =
                    "The longest text or binary value that is loaded, in bytes; the record of a longer one becomes"
                            + " a dead letter; 0 is no limit (table form only)")
    private long maxValueBytes = ByteLimits.DEFAULT.maxValueBytes();

    @UriParam(
            defaultValue = "67108864",
            description = "A page ends with the row that makes its text and binary values longer than this, in bytes;"
                    + " 0 is no limit (table form only)")
    private long maxPageBytes = ByteLimits.DEFAULT.maxPageBytes();

    @UriParam(description = "The DataSource that the table form reads; that of the component if not set")
    private @Nullable DataSource dataSource;

    private boolean planned;

    public PagesEndpoint(String uri, PagesComponent component, String name) {
        super(uri, component);
        this.component = component;
        this.name = name;
    }

    @Override
    public Producer createProducer() {
        throw new IllegalArgumentException("pages only reads: use it in from, not in a step");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = component.isRereading()
                ? new RereadConsumer(this, processor, config())
                : new PagesConsumer(this, processor, config());
        configureConsumer(consumer);
        return consumer;
    }

    /**
     * What the options say, validated.
     *
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     */
    @Override
    public PagesConfig config() {
        ByteLimits unused = limits();
        requireChangesFit();
        Mode overruled = component.getMode();
        PagesConfig config = new PagesConfig(
                name,
                keyRead(),
                cursor("startAfter", startAfter),
                pageSize,
                changes ? pageSize : maxInFlight, // no change of a key overtakes the one before
                Duration.ofMillis(delay),
                Duration.ofMillis(longestDelay),
                overruled == null ? mode : overruled,
                Schedule.parse(schedule),
                mode(),
                promised(),
                Duration.ofMillis(lag),
                claimOptions(),
                new RunLimits(limit, cursor("until", until), maxFailures, Duration.ofMillis(deadline)));
        return component
                .backfill(name)
                .map(range -> config.backfill(range, cursor("--from", range.from()), cursor("--to", range.to())))
                .orElse(config);
    }

    private Consistency mode() {
        if (changeFeed != null) {
            return Consistency.STATIC;
        }
        return changes && consistency == Consistency.AUTO ? Consistency.LOCK : consistency;
    }

    /** The key of the rows that are read: the key of the table, or of its change log. */
    private List<String> keyRead() {
        List<String> named = PagesConfig.columns(key);
        return changes ? List.of(ChangeLog.ID) : named;
    }

    /** The triggers of a change log let the database assign the number of a change. */
    private Set<Promise> promised() {
        Set<Promise> promised = Promise.parse(promises);
        if (changes) {
            promised.add(Promise.KEYS_BY_DEFAULT);
        }
        return promised;
    }

    private void requireChangesFit() {
        if (changeFeed != null && !changes) {
            throw new OptionException("changeFeed", "needs changes: true");
        }
        if (changeFeed != null && !planned && (component.getMode() == Mode.DRAIN || mode == Mode.DRAIN)) {
            throw new OptionException("mode", "DRAIN is not allowed with changeFeed, which has no end; set FOLLOW");
        }
        if (changes && table == null) {
            throw new OptionException("changes", "needs the table; name it instead of a read step");
        }
        if (changes
                && !Set.of(Consistency.AUTO, Consistency.LOCK, Consistency.STATIC)
                        .contains(consistency)) {
            throw new OptionException(
                    "consistency", consistency + " is not allowed with changes; leave it out, or set LOCK");
        }
        if (changes && startAfter != null) {
            throw new OptionException(
                    "startAfter",
                    "is not allowed with changes; set snapshot to false to begin with the first change of the"
                            + " log");
        }
        int parameters = pageSize * PagesConfig.columns(key).size();
        if (changes && parameters > MOST_PARAMETERS) {
            throw new OptionException(
                    "pageSize",
                    pageSize + " is not allowed with changes, it must be at most "
                            + MOST_PARAMETERS / PagesConfig.columns(key).size());
        }
    }

    /** Claims are renewed with the leases of the process, so they must not be shorter. */
    private ClaimOptions claimOptions() {
        if (consistency == Consistency.CLAIM && table == null) {
            throw new OptionException("consistency", "CLAIM reads by itself; name the table instead of a read step");
        }
        if (consistency == Consistency.CLAIM && claimLease < component.getLeaseDuration()) {
            throw new OptionException(
                    "claimLease",
                    claimLease + " is not allowed, it must be at least" + " drover.lease.duration, "
                            + component.getLeaseDuration() + " (milliseconds)");
        }
        List<String> named = columnsNamed();
        KeysetQuery.requireNames(table, named, PagesConfig.columns(key));
        Optional<String> own = named.stream()
                .filter(column -> ClaimTable.changes(column) && consistency == Consistency.CLAIM && claimTable == null)
                .findFirst();
        if (own.isPresent()) {
            throw new OptionException(
                    "columns",
                    own.get() + " is not allowed, a claim changes it; leave it out," + " or name a claimTable");
        }
        return new ClaimOptions(claimTable, Duration.ofMillis(claimLease), Duration.ofMillis(claimRetention));
    }

    private @Nullable Cursor cursor(String option, @Nullable String text) {
        List<String> named = keyRead();
        try {
            return text == null ? null : CursorLiteral.parse(named, text);
        } catch (IllegalArgumentException e) {
            throw new OptionException(option, String.valueOf(e.getMessage()));
        }
    }

    /** The SQL of the table form. */
    @Override
    public KeysetQuery keyset(Connection connection, Consistency mode) throws SQLException {
        return KeysetQuery.of(connection, String.valueOf(tableRead()), columnsRead(), keyRead(), mode);
    }

    @Override
    public PageQuery changedRow(Connection connection) throws SQLException {
        KeysetQuery rows = KeysetQuery.of(
                connection, String.valueOf(table), columnsNamed(), PagesConfig.columns(key), Consistency.STATIC);
        PageRequest first = PageRequest.after(null, 1);
        return new PageQuery(rows.sql(first), statement -> rows.bind(statement, first));
    }

    /** The claims on the rows of the table form; empty in the other consistency modes. */
    Optional<Claims> claims() {
        PagesConfig config = config();
        if (config.consistency() != Consistency.CLAIM) {
            return Optional.empty();
        }
        TableReader reader = rows(Consistency.STATIC);
        TableReader rows = config.claims().table() == null ? reader.without(ClaimTable.COLUMNS) : reader;
        return Optional.of(new Claims(config, source(), String.valueOf(table), rows));
    }

    /** The reader of the table form; empty where a step of the route reads. */
    Optional<PageReader> tableReader(Consistency mode) {
        if (table == null) {
            return Optional.empty();
        }
        if (!changes) {
            return Optional.of(rows(mode));
        }
        TableReader rows = rows(Consistency.STATIC);
        Columns record = isFed() ? ChangeReader.WITH_BEFORE : ChangeReader.COLUMNS;
        PageReader reader = changeFeed == null
                ? new ChangeReader(
                        new PrunedLog(reader(String.valueOf(tableRead()), columnsRead(), keyRead(), mode)),
                        rows,
                        record)
                : changeFeed(changeFeed, rows);
        return Optional.of(planned && snapshot ? new PlannedSnapshot(reader, rows, record) : reader);
    }

    /** A plan leaves a feed alone, because what it has read is gone from it. */
    private PageReader changeFeed(ChangeFeed feed, TableReader rows) {
        return planned
                ? request -> new Page(List.of(), null, true)
                : feed.reader(source(), String.valueOf(table), rows, snapshot);
    }

    /**
     * Reads the row of a change again that a feed sends once only.
     *
     * @param payload the change as it was sent
     * @throws IllegalArgumentException if it does not have the key of the row
     */
    PageReader sent(Cursor number, @Nullable String payload) {
        TableReader rows = rows(Consistency.STATIC);
        Cursor changed = ChangeReader.sentKey(payload, rows.key())
                .orElseThrow(() -> new IllegalArgumentException(
                        "are changes that the database sends once only, and their payloads have no key of a row; update"
                                + " their rows, so that they are sent again, and purge these"));
        return request -> ChangeReader.again(number, changed, rows);
    }

    private TableReader rows(Consistency mode) {
        return reader(String.valueOf(table), columnsNamed(), PagesConfig.columns(key), mode);
    }

    private List<String> columnsNamed() {
        return columns == null ? List.of() : PagesConfig.columns(columns);
    }

    /** Those of the table, or of its change log; none if all are read. */
    private List<String> columnsRead() {
        if (!changes) {
            return columnsNamed();
        }
        List<String> read = new ArrayList<>(List.of(ChangeLog.ID, ChangeLog.OPERATION));
        read.addAll(PagesConfig.columns(key));
        return read;
    }

    private TableReader reader(String name, List<String> read, List<String> by, Consistency mode) {
        return new TableReader(source(), name, read, by, mode, PageQuery.DEFAULT_TIMEOUT, limits());
    }

    @Override
    public Optional<Doubt> changesDoubt(Connection connection) throws SQLException {
        if (!changes) {
            return Optional.empty();
        }
        ChangeLog log = ChangeLog.of(connection, String.valueOf(table), PagesConfig.columns(key));
        Optional<Doubt> hidden = log.hidden(connection);
        if (hidden.isPresent()) {
            return hidden;
        }
        return changeFeed == null ? log.doubt(connection) : changeFeed.doubt(connection, log);
    }

    /** The writes to the change log; empty if no change log is read. */
    Optional<ChangeUpkeep> upkeep() {
        return changes && changeFeed == null && !planned
                ? Optional.of(new ChangeUpkeep(
                        source(),
                        String.valueOf(table),
                        PagesConfig.columns(key),
                        snapshot && component.backfill(name).isEmpty(),
                        Duration.ofMillis(changeRetention)))
                : Optional.empty();
    }

    /** Writes nothing to a change log, for a plan. */
    public void leaveChangeLog() {
        planned = true;
    }

    /**
     * How many bytes reading may bring into memory, validated.
     *
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     */
    ByteLimits limits() {
        return new ByteLimits(maxValueBytes, maxPageBytes);
    }

    /** What the table form reads: the endpoint's own DataSource, else the component's, else the bean named source. */
    @Override
    public DataSource source() {
        return component.sourceOf(dataSource);
    }

    @Override
    public PagesComponent getComponent() {
        return component;
    }

    @Override
    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    @Override
    public @Nullable String tableRead() {
        if (changeFeed != null) {
            return null;
        }
        return table == null || !changes ? table : ChangeLog.nameOf(table);
    }

    @Override
    public boolean isFed() {
        return changeFeed != null;
    }

    public @Nullable ChangeFeed getChangeFeed() {
        return changeFeed;
    }

    public void setChangeFeed(ChangeFeed changeFeed) {
        this.changeFeed = changeFeed;
    }

    @Override
    public @Nullable String getTable() {
        return table;
    }

    public void setTable(String table) {
        this.table = table;
    }

    public @Nullable String getColumns() {
        return columns;
    }

    public void setColumns(String columns) {
        this.columns = columns;
    }

    public @Nullable String getStartAfter() {
        return startAfter;
    }

    public void setStartAfter(String startAfter) {
        this.startAfter = startAfter;
    }

    public int getPageSize() {
        return pageSize;
    }

    public void setPageSize(int pageSize) {
        this.pageSize = pageSize;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public @Nullable String getSchedule() {
        return schedule;
    }

    public void setSchedule(@Nullable String schedule) {
        this.schedule = schedule;
    }

    public long getDelay() {
        return delay;
    }

    public void setDelay(long delay) {
        this.delay = delay;
    }

    public long getLongestDelay() {
        return longestDelay;
    }

    public void setLongestDelay(long longestDelay) {
        this.longestDelay = longestDelay;
    }

    public Mode getMode() {
        return mode;
    }

    public void setMode(Mode mode) {
        this.mode = mode;
    }

    @Override
    public Consistency getConsistency() {
        return consistency;
    }

    public void setConsistency(Consistency consistency) {
        this.consistency = consistency;
    }

    public @Nullable String getPromises() {
        return promises;
    }

    public void setPromises(String promises) {
        this.promises = promises;
    }

    public long getLag() {
        return lag;
    }

    public void setLag(long lag) {
        this.lag = lag;
    }

    @Override
    public @Nullable String getKeyTable() {
        return keyTable;
    }

    public void setKeyTable(String keyTable) {
        this.keyTable = keyTable;
    }

    public @Nullable String getClaimTable() {
        return claimTable;
    }

    public void setClaimTable(String claimTable) {
        this.claimTable = claimTable;
    }

    public long getClaimLease() {
        return claimLease;
    }

    public void setClaimLease(long claimLease) {
        this.claimLease = claimLease;
    }

    public long getClaimRetention() {
        return claimRetention;
    }

    public void setClaimRetention(long claimRetention) {
        this.claimRetention = claimRetention;
    }

    @Override
    public boolean isChanges() {
        return changes;
    }

    public void setChanges(boolean changes) {
        this.changes = changes;
    }

    public boolean isSnapshot() {
        return snapshot;
    }

    public void setSnapshot(boolean snapshot) {
        this.snapshot = snapshot;
    }

    public long getChangeRetention() {
        return changeRetention;
    }

    public void setChangeRetention(long changeRetention) {
        this.changeRetention = changeRetention;
    }

    public long getLimit() {
        return limit;
    }

    public void setLimit(long limit) {
        this.limit = limit;
    }

    public @Nullable String getUntil() {
        return until;
    }

    public void setUntil(String until) {
        this.until = until;
    }

    public long getMaxFailures() {
        return maxFailures;
    }

    public void setMaxFailures(long maxFailures) {
        this.maxFailures = maxFailures;
    }

    public long getDeadline() {
        return deadline;
    }

    public void setDeadline(long deadline) {
        this.deadline = deadline;
    }

    public long getMaxValueBytes() {
        return maxValueBytes;
    }

    public void setMaxValueBytes(long maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    public long getMaxPageBytes() {
        return maxPageBytes;
    }

    public void setMaxPageBytes(long maxPageBytes) {
        this.maxPageBytes = maxPageBytes;
    }

    public @Nullable DataSource getDataSource() {
        return dataSource;
    }

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }
}
