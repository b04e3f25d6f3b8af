package dev.drover.oracle;

import dev.drover.testing.Database;
import dev.drover.testing.Receiver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applications that write to the source while it is read: alone or several rows in a transaction, at once or open for a
 * while, committed in another order than begun, rolled back. Where the mode has to wait for writers, some are late: they
 * commit when a row that was written after theirs has been received, or when they have waited for long enough. A row
 * that the database refuses is no row.
 */
final class Writers {

    private static final int ACTIONS = 60;

    /** So many of them are done before the source is read. */
    private static final int EARLY_ACTIONS = 5;

    private static final int LATE_COMMITS = 4;
    private static final int LATE_MILLIS = 400;
    private static final int LATE_BELOW_LAG_MILLIS = Route.LAG_MILLIS / 2;
    private static final int MOST_LATE_MILLIS = 3_000;
    private static final int START_MILLIS = 15_000;

    /** Stands for the time that a late transaction is open. */
    private static final int LATE = -1;

    /** How late a row may be committed under consistency LAG. */
    private static final long PROMISED_MILLIS = Route.LAG_MILLIS - 500;

    private final Scenario scenario;
    private final Database database;
    private final Receiver receiver;
    private final Set<String> committed = new ConcurrentSkipListSet<>();
    private final AtomicInteger uids = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger overtaken = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch lateEnds = new CountDownLatch(LATE_COMMITS);
    private volatile boolean isRead;
    private volatile boolean ended;
    private volatile boolean tooLate;

    Writers(Scenario scenario, Database database, Receiver receiver) {
        this.scenario = scenario;
        this.database = database;
        this.receiver = receiver;
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
            int late = writer > 0 && scenario.route().waits() ? LATE_COMMITS : 0; // the first gives the later rows
            Thread thread = new Thread(() -> write(dice, late), "writer-" + writer);
            threads.add(thread);
            thread.start();
        }
    }

    /** Waits, though not for long, until a transaction is open that the start will meet. */
    void awaitOpen() throws InterruptedException {
        for (int wait = 0;
                wait < 100 && scenario.route().waits() && scenario.writers() > 1 && open.get() == 0;
                wait++) {
            Thread.sleep(10);
        }
    }

    /** Whether the source is read from now on. */
    void areRead(boolean read) {
        isRead = read;
    }

    /** Lets some of them be late, but for no longer than this. */
    void awaitLate(int millis) throws InterruptedException {
        lateEnds.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Ends them all; what they had open is committed or rolled back. */
    void finish() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void write(Dice dice, int lateCommits) {
        try (Connection connection = database.open()) {
            int late = lateCommits;
            for (int action = 0; action < ACTIONS && !ended; action++) {
                boolean waits = action >= EARLY_ACTIONS && !isRead;
                if (late > 0 && (waits || (isRead && dice.chance(40)))) {
                    late--;
                    insert(connection, dice.between(1, 2), LATE, waits || dice.chance(90), dice);
                    lateEnds.countDown();
                } else if (waits) {
                    awaitReading(connection, dice);
                } else {
                    act(connection, dice);
                }
                Thread.sleep(dice.between(0, 15));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes a few rows meanwhile: they have higher keys than those of a late transaction that is open at the start. */
    private void awaitReading(Connection connection, Dice dice) throws SQLException, InterruptedException {
        for (int wait = 0; !isRead && !ended; wait++) {
            if (scenario.inserts() && wait % 20 == 0) {
                insert(connection, 1, 0, true, dice);
            }
            Thread.sleep(5);
        }
    }

    private void act(Connection connection, Dice dice) throws SQLException, InterruptedException {
        boolean changes = !scenario.inserts() || (!scenario.route().waits() && dice.chance(25));
        if (changes) { // elsewhere they would wait for the late transactions, and keep others waiting
            String uid = uid(dice.between(1, Math.max(1, uids.get())));
            try {
                execute(connection, List.of(scenario.schema().change(uid, dice)));
            } catch (SQLTransactionRollbackException deadlock) {
                return; // with another writer: nothing was changed
            }
        } else if (dice.chance(40)) {
            insert(connection, dice.chance(10) ? dice.between(10, 30) : 1, 0, true, dice);
        } else {
            insert(connection, dice.between(1, 4), dice.between(0, dice.chance(10) ? 400 : 80), dice.chance(85), dice);
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
                Thread.sleep(Math.max(0, millis) / rows);
            }
            if (millis == LATE) {
                open.incrementAndGet();
                awaitLaterRow(uids.get(), began);
                open.decrementAndGet();
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

    /** Until a row is received that was written after these, or none is for a while. */
    private void awaitLaterRow(int written, long began) throws InterruptedException {
        boolean lag = scenario.route().mode().equals("LAG");
        while (!ended && !isRead && !lag && System.nanoTime() - began < START_MILLIS * 1_000_000L) {
            Thread.sleep(5);
        }
        long nanos = (lag ? LATE_BELOW_LAG_MILLIS : LATE_MILLIS) * 1_000_000L;
        long read = lag ? began : System.nanoTime();
        long since = read;
        int received = receiver.accepted().size();
        while (!ended && System.nanoTime() - since < nanos && !hasReceivedAfter(written)) {
            Thread.sleep(5);
            int now = receiver.accepted().size();
            if (now != received && !lag && System.nanoTime() - read < MOST_LATE_MILLIS * 1_000_000L) {
                received = now;
                since = System.nanoTime();
            }
        }
        if (hasReceivedAfter(written)) {
            overtaken.incrementAndGet();
        }
    }

    /** How many transactions were open while a row was received that was written after theirs. */
    int overtaken() {
        return overtaken.get();
    }

    private boolean hasReceivedAfter(int written) {
        return receiver.accepted().keySet().stream()
                .anyMatch(uid -> Integer.parseInt(uid.replaceFirst("-.*", "").substring(1)) > written);
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
