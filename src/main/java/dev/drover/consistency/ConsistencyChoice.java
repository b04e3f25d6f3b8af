package dev.drover.consistency;

import static dev.drover.config.Consistency.AUTO;
import static dev.drover.config.Consistency.LOCK;
import static dev.drover.config.Consistency.SESSIONS;
import static dev.drover.config.Consistency.STATIC;
import static dev.drover.config.Consistency.XID;
import static dev.drover.config.Doubt.doubt;

import dev.drover.config.Consistency;
import dev.drover.config.Doubt;
import dev.drover.config.OptionException;
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
 * Chooses the consistency mode of a pipeline. A mode that the user names is used if the source and the SQL fit it. AUTO
 * chooses an exact mode that fits the source.
 *
 * @param facts the facts about the source; empty if they are unknown
 * @param step the SQL of the read step; empty in the table form
 */
public record ConsistencyChoice(PagesConfig config, Optional<SourceFacts> facts, Optional<SqlStep> step) {

    private static final String OPTION = "consistency";
    private static final String INEXACT = "LAG (best effort) or STATIC (nobody inserts meanwhile)";

    /**
     * The consistency mode.
     *
     * @throws OptionException if no mode fits, or the named mode does not
     * @throws SQLException if the database fails; to be tried again
     */
    public Consistency choose() throws SQLException {
        if (config.consistency() == AUTO) {
            return automatic();
        }
        Consistency named = config.consistency();
        Optional<Doubt> wrong = wrong(named).map(doubt -> new Doubt(named + " " + doubt.text(), doubt.remedy()));
        Optional<Doubt> doubt = wrong.isPresent() ? wrong : failedPremise(named);
        if (doubt.isPresent()) {
            throw new OptionException(OPTION, doubt.get());
        }
        return named;
    }

    private Optional<Doubt> failedPremise(Consistency mode) throws SQLException {
        return facts.isPresent() ? facts.get().doubt(mode) : Optional.empty();
    }

    /** An exact mode whose premises hold. LOCK on MariaDB is never chosen, because it makes writers wait. */
    private Consistency automatic() throws SQLException {
        Optional<Consistency> fitting = fitting();
        Optional<Doubt> doubt = fitting.isPresent() ? failedPremise(fitting.get()) : Optional.empty();
        if (fitting.isPresent() && doubt.isEmpty()) {
            return fitting.get();
        }
        throw new OptionException(
                OPTION,
                new Doubt(
                        "AUTO finds no exact way"
                                + doubt.map(Doubt::text)
                                        .or(() -> missingBound().map(missing -> "it " + missing))
                                        .map(why -> " (" + why + ")")
                                        .orElse("")
                                + ", and rows that are committed late would be passed over",
                        doubt.map(premise -> premise.remedy() + ", or set consistency to " + INEXACT)
                                .orElseGet(() -> "set consistency to " + choices())));
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

    private Optional<Doubt> wrong(Consistency mode) {
        return switch (mode) {
            case XID -> wrongXid();
            case LOCK -> facts.flatMap(this::wrongLock).or(this::missingBound);
            case SESSIONS -> facts.flatMap(this::wrongSessions).or(this::missingBound);
            case LAG -> missingBound();
            case CLAIM -> wrongClaim();
            case STATIC, AUTO -> Optional.empty();
        };
    }

    private Optional<Doubt> wrongXid() {
        if (facts.isPresent() && !facts.get().beginsWithTransaction()) {
            return doubt(
                    "needs PostgreSQL and a first key column of type xid8 whose default is pg_current_xact_id(), and the"
                            + " key is " + config.key() + " of " + facts.get().keyTypes(),
                    "");
        }
        return step.isEmpty() || asksForOldestTransaction()
                ? Optional.empty()
                : doubt(
                        "needs AND " + config.key().get(0) + " < " + KeysetQuery.BELOW_OPEN_TRANSACTIONS
                                + " in the SQL",
                        "");
    }

    private Optional<Doubt> wrongLock(SourceFacts source) {
        boolean known = source.dialect() == Dialect.POSTGRESQL || source.dialect() == Dialect.MARIADB;
        return known ? Optional.empty() : doubt("is for PostgreSQL and MariaDB", "set consistency to " + choices());
    }

    private Optional<Doubt> wrongSessions(SourceFacts source) {
        return source.dialect() == Dialect.H2
                ? Optional.empty()
                : doubt("is for H2", "set consistency to " + choices());
    }

    private Optional<Doubt> wrongClaim() {
        if (step.isPresent()) {
            return doubt("reads by itself", "name the table instead of a read step");
        }
        if (facts.filter(source -> source.dialect() == Dialect.STANDARD).isPresent()) {
            return doubt("is for PostgreSQL, MariaDB, MySQL and H2", "set consistency to " + choices());
        }
        return facts.flatMap(SourceFacts::wrongClaims);
    }

    private Optional<Doubt> missingBound() {
        if (step.isEmpty() || sql().isBounded()) {
            return Optional.empty();
        }
        return sql().isUnderstood()
                ? doubt(
                        "needs the bound in the SQL: AND " + PageCheck.condition(config.key(), "<=", PageRequest.UP_TO),
                        "")
                : doubt("needs SQL whose bound can be checked", "put it into a view, and read the view");
    }

    private PageSql sql() {
        return step.orElseThrow().read(config.key());
    }

    private boolean asksForOldestTransaction() {
        return step.isPresent() && sql().staysBelowOpenTransactions();
    }
}
