package dev.drover.testing;

/** A table of events whose keys the database gives, and the route that reads it. */
public final class Events {

    /** Of a table that numbers its rows by their transactions. */
    public static final String BY_TRANSACTION =
            "written_by xid8 NOT NULL DEFAULT pg_current_xact_id(), id BIGINT GENERATED ALWAYS AS IDENTITY,"
                    + " PRIMARY KEY (written_by, id)";

    public static final String INSERT = "INSERT INTO events (text) VALUES ('x')";

    private Events() {}

    /** The definition of a key that grows. */
    public static String key(Engine engine) {
        return "id BIGINT "
                + (engine == Engine.MARIADB ? "AUTO_INCREMENT" : "GENERATED ALWAYS AS IDENTITY")
                + " PRIMARY KEY";
    }

    /** Reads the table by {@code id}. */
    public static RouteFile route() {
        return RouteFile.of("routes/examples/orders-table.camel.yaml")
                .replace("table: orders", "table: events")
                .replace("startAfter: \"0\"", "startAfter: \"0\"\n        delay: 20");
    }

    /** Reads the table by the transactions of its rows. */
    public static RouteFile routeByTransaction() {
        return route().replace("key: id", "key: written_by,id").replace("startAfter: \"0\"", "startAfter: \"'0',0\"");
    }
}
