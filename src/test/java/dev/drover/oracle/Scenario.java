package dev.drover.oracle;

import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;

/**
 * One run, made from its seed.
 *
 * @param rows how many rows are there before it
 * @param writers how many write meanwhile
 * @param inserts whether they insert; else they change and delete only
 * @param stops how many times it is stopped before it reads to the end
 * @param refuses whether the service refuses some records, which become dead letters
 * @param follows whether it follows its source to the end, rather than draining it
 * @param afterwards what is sent once more at the end
 */
record Scenario(
        Engine engine,
        long seed,
        Schema schema,
        Route route,
        int rows,
        int writers,
        boolean inserts,
        int stops,
        boolean refuses,
        boolean follows,
        Afterwards afterwards,
        int pageSize,
        int batchSize,
        int maxInFlight,
        TimeZone zone) {

    /** What is sent once more. */
    enum Afterwards {
        NOTHING,
        /** A range of keys. */
        BACKFILL,
        /** What was refused, as it was sent. */
        PAYLOADS,
        /** The rows of what was refused, as they are by then. */
        ROWS
    }

    static Scenario of(Engine engine, long seed, Database database) {
        Dice dice = new Dice(seed * 31 + List.of(Engine.values()).indexOf(engine));
        dice.next();
        boolean transactions = engine == Engine.POSTGRES && dice.chance(12);
        boolean claims = !transactions && dice.chance(10);
        Schema schema = Schema.of(engine, dice, database, transactions, claims);
        Route route = route(schema, seed, dice, transactions, claims);
        boolean exact = !route.mode().equals("STATIC");
        int pageSize = dice.between(1, 25);
        int batchSize = dice.between(1, 30);
        boolean refuses = dice.chance(35);
        return new Scenario(
                engine,
                seed,
                schema,
                route,
                dice.between(0, 80),
                dice.chance(20) ? 0 : route.waits() ? dice.between(2, 3) : dice.between(1, 3),
                exact,
                dice.chance(50) ? 0 : dice.between(1, 2),
                refuses,
                dice.chance(30) && exact,
                refuses
                        ? dice.one(Afterwards.NOTHING, Afterwards.PAYLOADS, Afterwards.ROWS, Afterwards.ROWS)
                        : dice.chance(50) ? Afterwards.BACKFILL : Afterwards.NOTHING,
                pageSize,
                batchSize,
                Math.max(batchSize, pageSize * dice.between(1, 4)), // a smaller window closes its batches by waiting
                TimeZone.getTimeZone(dice.one("UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")));
    }

    private static Route route(Schema schema, long seed, Dice dice, boolean transactions, boolean claims) {
        KeyPart last = schema.key().get(schema.key().size() - 1);
        boolean numbered = schema.key().size() == 1 && last.isGiven() && last.isNumber();
        Route.Form form = dice.one(Route.Form.TABLE, Route.Form.STEP, Route.Form.STEP, Route.Form.SHORT);
        if (dice.chance(90) && claims) {
            form = Route.Form.TABLE;
        }
        String exact = schema.engine() == Engine.H2 ? "SESSIONS" : "LOCK";
        String mode = dice.chance(numbered ? 75 : 10)
                ? dice.one(exact, exact, exact, schema.engine() == Engine.MARIADB ? exact : "AUTO", "LAG", "LAG")
                : dice.chance(85) ? "STATIC" : dice.one("LAG", "AUTO", exact);
        if (transactions) {
            mode = dice.one("XID", "AUTO");
        } else if (claims) {
            mode = "CLAIM";
        }
        boolean lowest = !schema.lowest().isEmpty();
        boolean starts = form == Route.Form.STEP ? lowest && dice.chance(95) : lowest && dice.chance(30);
        Route.Mistake mistake =
                form == Route.Form.STEP && dice.chance(20) ? dice.one(Route.Mistake.values()) : Route.Mistake.NONE;
        return new Route(
                schema,
                "run-" + schema.engine().name().toLowerCase(java.util.Locale.ROOT) + "-" + seed,
                form,
                mode,
                mistake,
                form == Route.Form.STEP && dice.chance(25),
                starts,
                last.isGiven() && dice.chance(85),
                dice.chance(50),
                dice.chance(60));
    }

    /** What the histogram counts the outcome by. */
    List<String> dimensions() {
        List<String> dimensions = new ArrayList<>(List.of(
                "engine " + engine,
                "kind " + schema.kind(),
                "unique " + schema.unique(),
                "names " + schema.names(),
                "form " + route.form(),
                "mode " + route.mode(),
                "mistake " + route.mistake(),
                "afterwards " + afterwards,
                "key columns " + schema.key().size()));
        schema.key().stream()
                .map(part -> "key " + part.ddl().replaceFirst("\\(.*", ""))
                .distinct()
                .forEach(dimensions::add);
        return dimensions;
    }

    @Override
    public String toString() {
        return "engine " + engine + " seed " + seed + "\nschema " + schema + "\nroute " + route + "\nrows " + rows
                + ", writers " + writers
                + (inserts ? " that insert" : " that change") + ", stops " + stops
                + (refuses ? ", refuses some" : "") + (follows ? ", follows" : ", drains") + ", pageSize "
                + pageSize + ", batchSize " + batchSize + ", maxInFlight " + maxInFlight + ", zone " + zone.getID();
    }
}
