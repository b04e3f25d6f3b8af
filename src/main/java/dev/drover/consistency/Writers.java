package dev.drover.consistency;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** Tells which transactions write to a table now. Thread-safe. */
interface Writers {

    /**
     * Those of one moment.
     *
     * @param life the life of the server that was asked: another server, or the same one after a restart, has another
     *     one and may use the same names for other transactions
     * @param sessions the transactions of sessions, by a name that no later transaction has in this life
     * @param detached prepared transactions, which need no session and outlive a restart
     */
    record Seen(String life, Set<String> sessions, Set<String> detached) {}

    /** Looks at the server behind this connection. */
    Seen at(Connection connection) throws SQLException;

    /** Who these are and since when, for people; never what they write. */
    String describe(Connection connection, Set<String> names) throws SQLException;
}
