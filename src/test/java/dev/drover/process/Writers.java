package dev.drover.process;

import dev.drover.testing.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Applications that insert orders all the time, each in transactions of its own: their ids are not committed in order,
 * and some never are. Knows which were. The state is guarded by {@code this}.
 */
final class Writers implements AutoCloseable {

    private static final int MOST_ROWS = 40;
    private static final int LONGEST_MILLIS = 60;
    private static final String INSERT =
            "INSERT INTO orders SELECT nextval('order_ids'), 'customer', 'product', 1, 1, TIMESTAMP '2026-01-01 00:00:00'"
                    + " FROM generate_series(1, ?) RETURNING id";

    private final Database database;
    private final List<Future<?>> ends = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BitSet committed = new BitSet();
    private volatile boolean stopped;

    private Writers(Database database) {
        this.database = database;
    }

    /** Starts so many; they insert into a table without orders, 600 or so a second each. */
    static Writers start(Database database, int applications, long seed) {
        database.run("CREATE SEQUENCE order_ids");
        Writers writers = new Writers(database);
        for (int i = 0; i < applications; i++) {
            Random random = new Random(seed + i);
            writers.ends.add(writers.threads.submit(() -> writers.write(random)));
        }
        return writers;
    }

    private Void write(Random random) throws SQLException, InterruptedException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            while (!stopped) {
                BitSet ids = insert(connection, 1 + random.nextInt(MOST_ROWS));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
                if (random.nextInt(20) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    committed(ids);
                }
            }
        }
        return null;
    }

    private static BitSet insert(Connection connection, int rows) throws SQLException {
        BitSet ids = new BitSet();
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setInt(1, rows);
            try (ResultSet inserted = statement.executeQuery()) {
                while (inserted.next()) {
                    ids.set(inserted.getInt(1));
                }
            }
        }
        return ids;
    }

    private synchronized void committed(BitSet ids) {
        committed.or(ids);
    }

    /** The ids that are there so far. */
    synchronized BitSet committed() {
        return (BitSet) committed.clone();
    }

    /** Ends them, and gives the ids that they have committed. */
    BitSet stop() throws InterruptedException, ExecutionException {
        stopped = true;
        for (Future<?> end : ends) {
            end.get();
        }
        return committed();
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }
}
