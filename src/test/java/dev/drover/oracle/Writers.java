package dev.drover.oracle;

import dev.drover.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applications that write to the source while it is read: alone or several rows in a transaction, at once or open for a
 * while, committed in another order than begun, rolled back. A row that the database refuses is no row.
 */
final class Writers {

    private static final int ACTIONS = 60;

    /** How late a row may be committed under consistency LAG: less than the lag of {@link Route}. */
    private static final long PROMISED_MILLIS = 200;

    private final Scenario scenario;
    private final Database database;
    private final Set<String> committed = new ConcurrentSkipListSet<>();
    private final AtomicInteger uids = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;
    private volatile boolean tooLate;

    Writers(Scenario scenario, Database database) {
        this.scenario = scenario;
        this.database = database;
    }

    /** The rows that are there before anything runs. */
    void seed() throws SQLException {
        Dice dice = new Dice(scenario.seed());
        try (Connection connection = database.open()) {
            for (int row = 0; row < scenario.rows(); row++) {
                insert(connection, 1, 0, true, dice);
            }
        }
    }

    void start() {
        for (int writer = 0; writer < scenario.writers(); writer++) {
            Dice dice = new Dice(scenario.seed() * 10 + writer);
            Thread thread = new Thread(() -> write(dice), "writer-" + writer);
            threads.add(thread);
            thread.start();
        }
    }

    /** Ends them all; what they had open is committed or rolled back. */
    void finish() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void write(Dice dice) {
        try (Connection connection = database.open()) {
            for (int action = 0; action < ACTIONS && !ended; action++) {
                act(connection, dice);
                Thread.sleep(dice.between(0, 15));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void act(Connection connection, Dice dice) throws SQLException, InterruptedException {
        boolean inserts = scenario.inserts() && dice.chance(75);
        if (!inserts) {
            execute(connection, List.of(scenario.schema().change(uid(dice.between(1, Math.max(1, uids.get()))), dice)));
        } else if (dice.chance(40)) {
            insert(connection, dice.chance(10) ? dice.between(10, 30) : 1, 0, true, dice);
        } else {
            int millis = scenario.route().mode().equals("LAG")
                    ? dice.between(0, 30)
                    : dice.between(0, dice.chance(10) ? 400 : 80);
            insert(connection, dice.between(1, 4), millis, dice.chance(85), dice);
        }
    }

    private static String uid(int number) {
        return "u" + number;
    }

    private void insert(Connection connection, int rows, int millis, boolean commits, Dice dice) throws SQLException {
        List<String> inserted = new ArrayList<>();
        connection.setAutoCommit(false);
        long began = System.nanoTime();
        try {
            for (int row = 0; row < rows; row++) {
                String uid = uid(uids.incrementAndGet());
                execute(connection, scenario.schema().insert(uid, dice));
                inserted.add(uid);
                Thread.sleep(millis / rows);
            }
            if (commits) {
                committed.addAll(inserted); // before the commit: a reader may be quicker than this thread
                connection.commit();
                tooLate |= System.nanoTime() - began > PROMISED_MILLIS * 1_000_000;
            }
        } catch (SQLException refused) {
            committed.removeAll(inserted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Every row that was ever committed. */
    Set<String> committed() {
        return committed;
    }

    /** Whether a row was committed later than consistency LAG allows: then nothing is promised. */
    boolean tooLate() {
        return tooLate && scenario.route().mode().equals("LAG");
    }
}
