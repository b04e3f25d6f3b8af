package dev.drover.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is judged whatever went wrong: the orders that are committed are those that were delivered or became dead
 * letters, and the checkpoint never passed one before. It looks at the checkpoint all the time, from its own
 * connection, until it is given.
 */
public final class Verdict implements AutoCloseable {

    private static final Pattern ID = Pattern.compile("\\d+(?=\\D*$)");

    private final Database database;
    private final Receiver receiver;
    private final List<String> passedEarly = new CopyOnWriteArrayList<>();
    private final Thread watch = new Thread(this::watch, "verdict");
    private volatile boolean ended;

    /**
     * Begins to look.
     *
     * @param database has the orders and the store, and can be reached whatever is done to the pipeline's network
     */
    public Verdict(Database database, Receiver receiver) {
        this.database = database;
        this.receiver = receiver;
        watch.setDaemon(true);
        watch.start();
    }

    private void watch() {
        try {
            while (!ended) {
                lookUnlessItIsDown();
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookUnlessItIsDown() {
        try {
            look();
        } catch (IllegalStateException e) {
            return; // the database is down, or has no such tables now
        }
    }

    /** What the checkpoint has passed is looked up before what was delivered. */
    private void look() {
        for (String json : database.column("SELECT cursor_json FROM drover_checkpoint WHERE cursor_json IS NOT NULL")) {
            Matcher id = ID.matcher(json);
            if (id.find()) {
                Set<String> settled = settled();
                database.column("SELECT id FROM orders WHERE id <= " + id.group()).stream()
                        .filter(order -> !settled.contains(order))
                        .forEach(order -> passedEarly.add(json + " with " + order));
            }
        }
    }

    private Set<String> settled() {
        Set<String> settled = new TreeSet<>(deadLetters());
        settled.addAll(receiver.accepted().keySet());
        return settled;
    }

    private Set<String> deadLetters() {
        return database.column("SELECT record_key FROM drover_dead_letter").stream()
                .map(key -> key.substring("id=".length()))
                .collect(Collectors.toSet());
    }

    /** Everything is settled, nothing more than once, and the pipeline's program has left no thread behind. */
    public void assertEachOnce(Drover drover) {
        assertNothingLost();
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(receiver.accepted()).doesNotContainKeys(deadLetters().toArray(String[]::new));
        drover.stop();
        await().untilAsserted(() -> assertThat(threadsOfCamel()).isEmpty());
    }

    /** Everything is settled, and the checkpoint has counted it. */
    public void assertNothingLost() {
        ended = true;
        assertThat(passedEarly).isEmpty();
        List<String> orders = database.column("SELECT id FROM orders");
        assertThat(settled()).containsExactlyInAnyOrderElementsOf(orders);
        assertThat(database.column("SELECT settled FROM drover_checkpoint"))
                .containsExactly(String.valueOf(orders.size()));
    }

    private static List<String> threadsOfCamel() {
        List<String> names = new ArrayList<>();
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("Camel (drover)"))
                .forEach(names::add);
        return names;
    }

    @Override
    public void close() {
        ended = true;
    }
}
