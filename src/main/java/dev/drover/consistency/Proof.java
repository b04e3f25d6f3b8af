package dev.drover.consistency;

import static dev.drover.config.Promise.HIDDEN_FOREVER;
import static dev.drover.config.Promise.KEYS_BY_DEFAULT;
import static dev.drover.config.Promise.KEYS_GROW;
import static dev.drover.config.Promise.NOT_REPLICA;
import static dev.drover.consistency.Premise.promised;
import static dev.drover.consistency.Premise.proven;

import dev.drover.config.Doubt;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The proof that a consistency mode misses no row on an engine. It holds while all of its premises hold. */
public enum Proof {
    LOCK_POSTGRESQL(
            "LOCK",
            "PostgreSQL",
            proven("engine", "the locks of PostgreSQL itself", PostgresPremises::engine),
            proven("primary", "the server on which the rows are inserted", PostgresPremises::primary),
            promised(
                    "no copies", "rows that are inserted on this server only", PostgresPremises::noCopies, NOT_REPLICA),
            proven("table", "a table on which every writer holds a lock", PostgresPremises::lockedTable),
            promised("shown", "all rows of the table", PostgresPremises::shown, HIDDEN_FOREVER),
            promised("keys grow", "keys that grow in the order of the INSERTs", PostgresPremises::growing, KEYS_GROW),
            promised(
                    "keys by default",
                    "keys that only the database assigns",
                    PostgresPremises::byDefault,
                    KEYS_BY_DEFAULT)),
    LOCK_MARIADB(
            "LOCK",
            "MariaDB, MySQL",
            proven("engine", "the locks of MariaDB or MySQL itself", MariaDbPremises::engine),
            proven("primary", "the only server on which the rows are inserted", MariaDbPremises::primary),
            promised("no copies", "rows that are inserted on this server only", MariaDbPremises::noCopies, NOT_REPLICA),
            proven("table", "a table on which every writer holds a lock", MariaDbPremises::lockedTable),
            promised("keys grow", "keys that grow in the order of the INSERTs", MariaDbPremises::growing, KEYS_GROW),
            promised(
                    "keys by default",
                    "keys that only the database assigns",
                    MariaDbPremises::byDefault,
                    KEYS_BY_DEFAULT)),
    SESSIONS(
            "SESSIONS",
            "H2",
            proven("administrator", "a user that sees all sessions", H2Premises::administrator),
            proven("table", "a table of this database", H2Premises::ownTable),
            promised("keys grow", "keys that grow in the order of the INSERTs", H2Premises::growing, KEYS_GROW),
            promised("keys by default", "keys that only the database assigns", H2Premises::byDefault, KEYS_BY_DEFAULT)),
    XID(
            "XID",
            "PostgreSQL",
            proven("engine", "the snapshots of PostgreSQL itself", PostgresPremises::engine),
            proven("primary", "the server on which the rows are inserted", PostgresPremises::primary),
            promised(
                    "no copies", "rows that are inserted on this server only", PostgresPremises::noCopies, NOT_REPLICA),
            proven("table", "a table of its own", PostgresPremises::writtenTable),
            promised("shown", "all rows of the table", PostgresPremises::shown, HIDDEN_FOREVER),
            proven("number", "the number of the inserting transaction in each row", PostgresPremises::numbered),
            promised(
                    "number by default",
                    "numbers that only the database assigns",
                    PostgresPremises::numberedByServer,
                    KEYS_BY_DEFAULT),
            proven("counter", "numbers that this server has given", PostgresPremises::counter)),
    CLAIM("CLAIM", "PostgreSQL, MariaDB, MySQL, H2", proven("columns", "columns for the claims", ClaimFacts::columns)),
    LAG_POSTGRESQL(
            "LAG",
            "PostgreSQL",
            promised("shown", "all rows of the table", PostgresPremises::shownByPostgres, HIDDEN_FOREVER),
            promised("keys grow", "keys that grow with time", PostgresPremises::roughlyGrowing, KEYS_GROW)),
    LAG_MARIADB(
            "LAG",
            "MariaDB, MySQL",
            promised("keys grow", "keys that grow with time", MariaDbPremises::roughlyGrowing, KEYS_GROW)),
    LAG_H2("LAG", "H2", promised("keys grow", "keys that grow with time", H2Premises::roughlyGrowing, KEYS_GROW)),
    LAG_STANDARD(
            "LAG", "any other", promised("keys grow", "keys that grow with time", Proof::unknownCatalog, KEYS_GROW));

    private final String mode;
    private final String database;

    @SuppressWarnings("ImmutableEnumChecker") // an immutable list of checks without state
    private final List<Premise> premises;

    Proof(String mode, String database, Premise... premises) {
        this.mode = mode;
        this.database = database;
        this.premises = List.of(premises);
    }

    /** The mode, as the user writes it. */
    public String mode() {
        return mode;
    }

    /** The engines of the proof, for people. */
    public String database() {
        return database;
    }

    /** The premises, in the order in which they are checked. */
    public List<Premise> premises() {
        return premises;
    }

    private static Optional<Doubt> unknownCatalog(Subject source) {
        return Optional.of(
                new Doubt("the catalog of this database is not known", "set mode to DRAIN and consistency to STATIC"));
    }

    /**
     * Checks the premises.
     *
     * @return the first that does not hold, with the remedy; empty if all hold
     * @throws SQLException if the database fails; to be tried again
     */
    public Optional<Doubt> doubt(Subject source) throws SQLException {
        for (Premise premise : premises) {
            Optional<Doubt> doubt = premise.doubt(mode, source);
            if (doubt.isPresent()) {
                return doubt;
            }
        }
        return Optional.empty();
    }
}
