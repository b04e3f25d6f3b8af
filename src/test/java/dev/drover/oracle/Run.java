package dev.drover.oracle;

import dev.drover.config.Backfill;
import dev.drover.deadletter.ReplayCounts;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.oracle.Outcome.End;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Receiver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets a scenario happen: its writers write while its pipeline is started, stopped and started again. */
final class Run {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LATE_MILLIS = 1_500;
    private static final Duration UNREADABLE = Duration.ofSeconds(3);

    private final Scenario scenario;
    private final Database source;
    private final Database store;
    private final Receiver receiver;
    private final Writers writers;
    private final Judge judge;
    private final Dice dice;
    /** Of the checkpoint, each as it is stored. */
    private final Set<String> places = new LinkedHashSet<>();

    private boolean sent;

    private Run(Scenario scenario, Database source, Database store, Receiver receiver) {
        this.scenario = scenario;
        this.source = source;
        this.store = store;
        this.receiver = receiver;
        this.writers = new Writers(scenario, source, receiver);
        this.judge = new Judge(scenario, source, store, receiver, writers);
        this.dice = new Dice(scenario.seed() + 1);
    }

    /**
     * Runs it.
     *
     * @param source an empty database
     * @param store where checkpoints and dead letters are kept, for many runs
     */
    static Outcome of(Scenario scenario, Database source, Database store) throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(scenario.zone());
        try (Receiver receiver = Receiver.start("uid")) {
            return new Run(scenario, source, store, receiver).outcome();
        } catch (IllegalStateException e) {
            return new Outcome(End.UNCLEAR, "the oracle fails: " + e);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private Outcome outcome() throws Exception {
        try {
            source.run(scenario.schema().ddl().toArray(String[]::new));
            writers.seed();
        } catch (IllegalStateException refused) {
            return new Outcome(End.VOID, String.valueOf(refused.getCause()));
        }
        if (scenario.rows() > 5 && writers.committed().isEmpty()) {
            return new Outcome(End.VOID, "the database takes none of the rows");
        }
        if (scenario.refuses()) {
            receiver.fails(request -> request.records().stream()
                            .anyMatch(row -> row.path("uid").asText().matches("u\\d*7(-.*)?"))
                    ? Optional.of(new Answer(422, Map.of(), "refused"))
                    : Optional.empty());
        }
        writers.start();
        try {
            for (int stop = 0; stop < scenario.stops(); stop++) {
                Optional<Outcome> ended = pause();
                if (ended.isPresent()) {
                    return ended.get();
                }
            }
            return scenario.follows() ? follow() : drain();
        } finally {
            writers.finish();
        }
    }

    /** A part of the way, ended by a limit or by a stop. */
    private Optional<Outcome> pause() throws Exception {
        boolean limited = dice.chance(50);
        int millis = dice.between(0, 150);
        return started(drover -> file(drover, limited ? dice.between(1, 40) : 0), drover -> {
            long end = System.nanoTime() + millis * 1_000_000L;
            return await(drover, () -> System.nanoTime() > end, "");
        });
    }

    private Outcome drain() throws Exception {
        if (scenario.route().waits() || dice.chance(50)) {
            Optional<Outcome> beside = started(drover -> file(drover, 0).draining(), this::awaitEnd);
            if (beside.isPresent()) {
                return beside.get();
            }
        }
        writers.finish();
        return started(drover -> file(drover, 0).draining(), this::awaitEnd).orElseGet(this::delivered);
    }

    private Outcome follow() throws Exception {
        int millis = dice.between(50, 400);
        return started(drover -> file(drover, 0), drover -> {
                    Thread.sleep(millis);
                    writers.awaitLate(scenario.writers() > 1 && scenario.route().waits() ? LATE_MILLIS : 0);
                    writers.finish();
                    return await(drover, () -> judge.missing().isEmpty(), "it follows, and rows are missing");
                })
                .orElseGet(this::delivered);
    }

    private Outcome delivered() {
        List<String> missing = List.copyOf(judge.missing());
        if (writers.tooLate()) {
            return new Outcome(End.VOID, "a writer was later than LAG allows");
        }
        if (!missing.isEmpty()) {
            return new Outcome(
                    End.LOST,
                    missing.size() + " rows are missing, " + writers.overtaken() + " overtaken:"
                            + judge.described(missing));
        }
        String delivered = receiver.accepted().size() + " rows, " + writers.overtaken() + " overtaken";
        return afterwards().orElseGet(() -> new Outcome(End.DELIVERED, delivered));
    }

    private Optional<Outcome> afterwards() {
        try {
            return switch (scenario.afterwards()) {
                case NOTHING -> Optional.empty();
                case BACKFILL -> backfilled();
                case PAYLOADS -> replayed(false);
                case ROWS -> replayed(true);
            };
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows between two places of the checkpoint arrive once more, and no others do. */
    private Optional<Outcome> backfilled() throws Exception {
        List<String> known =
                places.stream().filter(place -> !judge.upTo(place).isEmpty()).toList();
        String lowest = scenario.schema().lowest();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        String to = dice.one(known);
        String after = dice.one(known);
        boolean between = judge.upTo(after).size() < judge.upTo(to).size();
        if (!between && lowest.isEmpty()) {
            return Optional.empty();
        }
        Set<String> range = new TreeSet<>(judge.upTo(to));
        if (between) {
            judge.upTo(after).forEach(range::remove);
        }
        Backfill backfill = new Backfill(scenario.route().name(), between ? literals(after) : lowest, literals(to));
        Map<String, Integer> before = receiver.accepted();
        Optional<Outcome> ended = started(drover -> file(drover, 0).backfilling(backfill), this::awaitEnd);
        Set<String> again = new TreeSet<>(receiver.accepted().keySet());
        again.removeIf(uid -> receiver.accepted().get(uid).equals(before.get(uid)));
        return ended.isPresent() || again.equals(range)
                ? ended.map(outcome -> new Outcome(outcome.end(), backfill.name() + ": " + outcome.why()))
                : Optional.of(new Outcome(
                        range.containsAll(again) ? End.LOST : End.PHANTOM,
                        backfill.name() + " brought" + judge.described(again) + ", not" + judge.described(range)));
    }

    /** The values of a cursor as a person writes them. */
    private static String literals(String place) {
        return CursorJson.read(place).values().stream()
                .map(value ->
                        new Cursor(List.of("k"), List.of(value)).toString().substring("k=".length()))
                .collect(Collectors.joining(","));
    }

    /** What was refused arrives after all, but for rows that are gone. */
    private Optional<Outcome> replayed(boolean rows) throws SQLException {
        receiver.fails(Fault.none());
        store.run("DELETE FROM drover_dead_letter WHERE pipeline <> '"
                + scenario.route().name() + "'"); // those of earlier runs
        for (String uid : rows ? judge.setAside() : Set.<String>of()) {
            if (dice.chance(25)) {
                source.run(scenario.schema().change(uid.replaceFirst("-.*", ""), dice));
            }
        }
        boolean dropGone = dice.chance(50);
        ReplayCounts counts;
        try (Drover drover = file(drover(), 0)) {
            counts = rows ? drover.reread(dropGone) : drover.resend();
        }
        if (!counts.kept().isEmpty()) {
            return Optional.of(new Outcome(End.HALTED, "replay: " + counts.kept()));
        }
        Set<String> missing = new TreeSet<>(judge.rows());
        missing.removeAll(receiver.accepted().keySet());
        Set<String> left = judge.setAside();
        left.removeIf(uid -> rows && !dropGone && !judge.rows().contains(uid));
        if (!missing.isEmpty()) {
            return Optional.of(new Outcome(End.LOST, "replayed, and missing:" + judge.described(missing)));
        }
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(new Outcome(End.STUCK, "replayed, and still set aside:" + judge.described(left)));
    }

    private interface Watch {
        Optional<Outcome> until(Drover drover) throws Exception;
    }

    private Drover drover() {
        return Drover.reading(source)
                .sendingTo(receiver)
                .set("drover.source.promises", "") // the route has its own
                .set("drover.store.url", store.url())
                .set("drover.store.username", store.username())
                .sizes(scenario.pageSize(), scenario.batchSize(), scenario.maxInFlight())
                .checked();
    }

    private Drover file(Drover drover, int limit) {
        return drover.file(scenario.route().file(limit));
    }

    /** Starts it, watches and stops; empty if the scenario goes on. */
    private Optional<Outcome> started(UnaryOperator<Drover> as, Watch watch) throws Exception {
        Optional<Outcome> outcome;
        try (Drover drover = as.apply(drover())) {
            writers.awaitOpen();
            String refusal = refusal(drover);
            writers.areRead(true);
            outcome = refusal == null ? watch.until(drover) : Optional.of(refused(refusal));
            writers.areRead(false);
        }
        sent |= !receiver.requests().isEmpty();
        Optional<Outcome> wrong = judge.wrong();
        return wrong.isPresent() ? wrong : outcome;
    }

    private static @Nullable String refusal(Drover drover) {
        try {
            drover.start();
            return null;
        } catch (Exception e) {
            return drover.explained(e);
        }
    }

    private Outcome refused(String line) {
        boolean findings = line.lines().allMatch(each -> each.matches(".*\\.yaml:\\d+: .+"));
        if ((line.lines().count() > 2 && !findings)
                || line.matches("(?s).*\\b(java|org|dev)\\.\\w+\\.\\w.*|.*Exception.*")) {
            return new Outcome(End.UNCLEAR, line);
        }
        return new Outcome(sent ? End.HALTED : End.REFUSED, line);
    }

    private Optional<Outcome> awaitEnd(Drover drover) {
        return await(
                drover,
                () -> drover.pipelines().stream().allMatch(pipeline -> pipeline.state() == Pipeline.State.FINISHED),
                "it does not end");
    }

    private Optional<Outcome> await(Drover drover, BooleanSupplier done, String otherwise) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long unreadable = end;
        while (System.nanoTime() < Math.min(end, unreadable)) {
            Optional<String> halted = drover.pipelines().stream()
                    .flatMap(pipeline -> pipeline.ledger().halted().stream())
                    .findFirst();
            if (halted.isPresent()) {
                return Optional.of(ofHalt(halted.get()));
            }
            drover.pipelines().stream()
                    .flatMap(pipeline -> pipeline.checkpoint().stream())
                    .forEach(cursor -> places.add(CursorJson.write(cursor)));
            if (!drover.pipelines().isEmpty() && done.getAsBoolean()) {
                return Optional.empty();
            }
            unreadable =
                    unreadable(drover).isEmpty() ? end : Math.min(unreadable, System.nanoTime() + UNREADABLE.toNanos());
            sleep();
        }
        return Optional.of(
                new Outcome(End.STUCK, otherwise + ": " + unreadable(drover).orElse("status gives no reason")));
    }

    private static Optional<String> unreadable(Drover drover) {
        return drover.pipelines().stream()
                .flatMap(pipeline -> pipeline.reading().unreadable().stream())
                .findFirst();
    }

    private Outcome ofHalt(String why) {
        if (why.matches(".*(two rows have the same key|is not behind it|the keys do not rise|has a row behind it).*")
                && scenario.route().mistake() == Route.Mistake.NONE
                && scenario.schema().hasUniqueKey()) {
            return new Outcome(End.FALSE_ALARM, why);
        }
        return new Outcome(why.contains("Exception") ? End.UNCLEAR : End.HALTED, why);
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes a database as empty as a new one, which takes longer to make. */
    static Database emptied(Engine engine, Database used) {
        switch (engine) {
            case H2 -> {
                used.run("SHUTDOWN");
                return engine.newDatabase();
            }
            case POSTGRES ->
                used.run(
                        "DROP SCHEMA IF EXISTS other CASCADE",
                        "DROP SERVER IF EXISTS here CASCADE",
                        "DROP SCHEMA public CASCADE",
                        "CREATE SCHEMA public",
                        "CREATE EXTENSION IF NOT EXISTS citext",
                        "CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA pg_catalog");
            case MARIADB ->
                used.run("DROP DATABASE " + used.name(), "CREATE DATABASE " + used.name() + " CHARACTER SET utf8mb4");
        }
        return used;
    }
}
