package dev.drover;

import dev.drover.testing.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Eight writers at once, each in transactions of one to four rows that stay open for a random time; a tenth of them is
 * rolled back. Rows become visible in another order than that of their keys.
 */
final class LateCommits {

    private static final int WRITERS = 8;
    private static final int MOST_ROWS = 4;
    private static final int LONGEST_MILLIS = 30;

    private final Database database;
    private final String insert;
    private final Set<Long> committed = new ConcurrentSkipListSet<>();

    /**
     * Writers to a table whose key the database gives.
     *
     * @param insert inserts a row
     */
    LateCommits(Database database, String insert) {
        this.database = database;
        this.insert = insert;
    }

    /** Writes until this many rows are committed, and returns their keys. */
    Set<Long> write(int rows, long seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                Random random = new Random(seed + writer);
                writers.add(threads.submit(() -> {
                    writeUntil(rows, random);
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return new TreeSet<>(committed);
    }

    private void writeUntil(int rows, Random random) throws SQLException, InterruptedException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            while (committed.size() < rows) {
                List<Long> keys = insert(connection, 1 + random.nextInt(MOST_ROWS), random);
                if (random.nextInt(10) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    committed.addAll(keys);
                }
                Thread.sleep(random.nextInt(3));
            }
        }
    }

    private List<Long> insert(Connection connection, int rows, Random random)
            throws SQLException, InterruptedException {
        List<Long> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(insert, new String[] {"id"})) {
            for (int row = 0; row < rows; row++) {
                statement.executeUpdate();
                try (ResultSet generated = statement.getGeneratedKeys()) {
                    generated.next();
                    keys.add(generated.getLong(1));
                }
                Thread.sleep(random.nextInt(LONGEST_MILLIS) / rows);
            }
        }
        return keys;
    }
}
