package dev.drover.consistency;

import static dev.drover.config.Consistency.AUTO;
import static dev.drover.config.Consistency.LOCK;
import static dev.drover.config.Consistency.SESSIONS;
import static dev.drover.config.Consistency.STATIC;
import static dev.drover.config.Consistency.XID;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageCheck;
import dev.drover.sql.PageRequest;
import dev.drover.sql.PageSql;
import dev.drover.sql.SqlStep;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Chooses the consistency mode of a pipeline: the one it names, if its source and SQL have what that needs, or the
 * exact one that its source allows.
 */
public final class ConsistencyChoice {

    private static final String INEXACT = "LAG (best effort) or STATIC (nobody inserts meanwhile)";

    private final PagesConfig config;
    private final Optional<SourceFacts> facts;
    private final Optional<SqlStep> step;

    /**
     * A choice for one pipeline.
     *
     * @param facts what the source is; empty when that is not known
     * @param step the SQL of its read step, empty in the table form
     */
    public ConsistencyChoice(PagesConfig config, Optional<SourceFacts> facts, Optional<SqlStep> step) {
        this.config = config;
        this.facts = facts;
        this.step = step;
    }

    /**
     * The mode.
     *
     * @throws IllegalArgumentException naming the option and what is allowed; a {@link PremiseException} when the mode
     *     fits and a premise of its proof does not hold
     * @throws SQLException when the database cannot be asked now
     */
    public Consistency choose() throws SQLException {
        if (config.consistency() == AUTO) {
            return automatic();
        }
        Consistency named = config.consistency();
        String wrong = wrong(named);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("consistency: " + named + " " + wrong);
        }
        Optional<PremiseException> doubt = doubt(named);
        if (doubt.isPresent()) {
            throw doubt.get();
        }
        return named;
    }

    private Optional<PremiseException> doubt(Consistency mode) throws SQLException {
        return facts.isPresent() ? facts.get().doubt(mode) : Optional.empty();
    }

    /** The exact mode that fits and whose premises hold. LOCK makes the writers of MariaDB wait, so it must be named. */
    private Consistency automatic() throws SQLException {
        Optional<Consistency> fitting = fitting();
        Optional<PremiseException> doubt = fitting.isPresent() ? doubt(fitting.get()) : Optional.empty();
        if (fitting.isPresent() && doubt.isEmpty()) {
            return fitting.get();
        }
        throw new IllegalArgumentException("consistency: AUTO finds no exact way"
                + doubt.map(PremiseException::fact)
                        .or(this::unbounded)
                        .map(why -> " (" + why + ")")
                        .orElse("")
                + ", and rows that are committed late would be passed over; "
                + doubt.map(premise -> premise.remedy() + ", or set consistency to " + INEXACT)
                        .orElseGet(() -> "set consistency to " + choices()));
    }

    private Optional<Consistency> fitting() {
        boolean transactions = facts.filter(SourceFacts::beginsWithTransaction).isPresent();
        if (step.isPresent() ? asksForOldestTransaction() : transactions) {
            return Optional.of(XID);
        }
        boolean bounded = step.isEmpty() || sql().isBounded();
        return facts.filter(source -> bounded).flatMap(source -> switch (source.dialect()) {
            case H2 -> Optional.of(SESSIONS);
            case POSTGRESQL -> Optional.of(LOCK);
            case MARIADB, STANDARD -> Optional.empty();
        });
    }

    private Optional<String> unbounded() {
        return Optional.of(missingBound()).filter(missing -> !missing.isEmpty()).map(missing -> "it " + missing);
    }

    private String choices() {
        String exact = facts.map(source -> switch (source.dialect()) {
                    case POSTGRESQL ->
                        "LOCK (exact where the key grows and is assigned inside the INSERT), XID (exact, needs a column"
                                + " of type xid8), CLAIM (exact, needs columns for claims), ";
                    case MARIADB ->
                        "LOCK (exact where the key grows and is assigned inside the INSERT), CLAIM (exact, needs columns"
                                + " for claims), ";
                    case H2 ->
                        "SESSIONS (exact where the key grows and is assigned inside the INSERT), CLAIM (exact, needs"
                                + " columns for claims), ";
                    case STANDARD -> "";
                })
                .orElse("");
        return exact + INEXACT;
    }

    private String wrong(Consistency mode) {
        return switch (mode) {
            case XID -> wrongXid();
            case LOCK -> facts.map(this::wrongLock).orElse("") + missingBound();
            case SESSIONS -> facts.map(this::wrongSessions).orElse("") + missingBound();
            case LAG -> missingBound();
            case CLAIM -> wrongClaim();
            case STATIC, AUTO -> "";
        };
    }

    private String wrongXid() {
        if (facts.isPresent() && !facts.get().beginsWithTransaction()) {
            return "needs PostgreSQL and a first key column of type xid8 whose default is pg_current_xact_id(), and the key"
                    + " is " + config.key() + " of " + facts.get().keyTypes();
        }
        return step.isEmpty() || asksForOldestTransaction()
                ? ""
                : "needs AND " + config.key().get(0) + " < " + KeysetQuery.BELOW_OPEN_TRANSACTIONS + " in the SQL";
    }

    private String wrongLock(SourceFacts source) {
        boolean known = source.dialect() == Dialect.POSTGRESQL || source.dialect() == Dialect.MARIADB;
        return known ? "" : "is for PostgreSQL and MariaDB; set consistency to " + choices();
    }

    private String wrongSessions(SourceFacts source) {
        return source.dialect() == Dialect.H2 ? "" : "is for H2; set consistency to " + choices();
    }

    private String wrongClaim() {
        if (step.isPresent()) {
            return "reads by itself; name the table instead of a read step";
        }
        if (facts.filter(source -> source.dialect() == Dialect.STANDARD).isPresent()) {
            return "is for PostgreSQL, MariaDB, MySQL and H2; set consistency to " + choices();
        }
        return facts.map(SourceFacts::wrongClaims).orElse("");
    }

    private String missingBound() {
        if (step.isEmpty() || sql().isBounded()) {
            return "";
        }
        return sql().isUnderstood()
                ? "needs the bound in the SQL: AND " + PageCheck.condition(config.key(), "<=", PageRequest.UP_TO)
                : "needs SQL whose bound can be checked; put it into a view, and read the view";
    }

    private PageSql sql() {
        return step.orElseThrow().read(config.key());
    }

    private boolean asksForOldestTransaction() {
        return step.isPresent() && sql().staysBelowOpenTransactions();
    }
}
