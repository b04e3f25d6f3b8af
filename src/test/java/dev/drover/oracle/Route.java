package dev.drover.oracle;

import dev.drover.testing.Engine;
import dev.drover.testing.RouteFile;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the relation is read.
 *
 * @param form the form of the route
 * @param mode its consistency
 * @param mistake what is wrong with the SQL of a read step
 * @param ready whether that SQL leaves out drafts
 * @param startAfter whether it begins after the lowest key, rather than at the first
 * @param promises whether it promises what the writers keep: that the database alone gives the keys it can give
 * @param casts whether that SQL casts what it binds
 * @param bounded whether that SQL has the bound that a backfill needs, also where the mode needs none
 */
record Route(
        Schema schema,
        String name,
        Form form,
        String mode,
        Mistake mistake,
        boolean ready,
        boolean startAfter,
        boolean promises,
        boolean casts,
        boolean bounded) {

    /** How far consistency LAG stays behind. */
    static final int LAG_MILLIS = 3_000;

    enum Form {
        TABLE("routes/examples/orders-table.camel.yaml"),
        STEP("routes/orders.camel.yaml"),
        SHORT("routes/examples/short.camel.yaml");

        private final String path;

        Form(String path) {
            this.path = path;
        }
    }

    /** What a hand gets wrong in the SQL of a read step. */
    enum Mistake {
        NONE,
        ORDER_BY_ANOTHER,
        ORDER_FALLING,
        ORDER_MISSING,
        ORDER_BY_PART,
        AT_OR_AFTER,
        NOT_AFTER,
        AFTER_PART,
        AFTER_OR,
        LIMIT_MISSING,
        LIMIT_SMALL,
        OFFSET,
        BELOW_BOUND,
        BOUND_MISSING,
        COMMENTED_OUT
    }

    /** Whether rows that are committed late are waited for. */
    boolean waits() {
        return !mode.equals("STATIC") && !mode.equals("CLAIM");
    }

    /** The file, whose pipeline ends after so many records; 0 for none. */
    RouteFile file(int limit) {
        RouteFile file = RouteFile.of(form.path);
        String key = schema.key().stream().map(KeyPart::name).collect(Collectors.joining(","));
        String more = (mode.equals("LAG") ? "\n        lag: " + LAG_MILLIS : "") + "\n        delay: 20"
                + (schema.kind() == Schema.Kind.VIEW && promises && form != Form.SHORT
                        ? "\n        keyTable: base"
                        : "")
                + (limit > 0 ? "\n        limit: " + limit : "");
        String start = startAfter ? "startAfter: " + quoted(schema.lowest()) : "maxFailures: 0";
        if (promises && form != Form.SHORT) {
            file = file.replace("\"{{drover.source.promises}}\"", "keysByDefault");
        }
        return switch (form) {
            case TABLE ->
                named(file, "name: orders-table", "- route:\n    id: orders-table")
                        .replace("table: orders\n", "table: " + quoted(schema.relation()) + "\n")
                        .replace("key: id", "key: " + quoted(key) + more)
                        .replace("startAfter: \"0\"", start)
                        .replace("\"{{drover.source.consistency}}\"", mode);
            case STEP ->
                named(file, "name: orders\n", "- route:\n    id: orders\n")
                        .replace("key: id", "key: " + quoted(key) + more)
                        .replace("startAfter: \"0\"", start)
                        .replace("\"{{drover.source.consistency}}\"", mode)
                        .replace(queryOf(file), quoted(sql()));
            case SHORT ->
                named(file, "- route:\n    id: short", "")
                        .replace(
                                """
                                        - validate:
                                            description: Valid orders only
                                            simple:
                                              expression: "${body[quantity]} > 0"
                                """,
                                "")
                        .replace(
                                "table: orders",
                                String.join(
                                        "\n        ",
                                        "table: " + quoted(schema.relation()),
                                        "key: " + quoted(key) + more,
                                        start,
                                        "promises: " + (promises ? "keysByDefault" : "\"{{drover.source.promises}}\""),
                                        mode.equals("LAG") ? "" : "consistency: " + mode,
                                        "pageSize: \"{{drover.orders.pageSize}}\"",
                                        "maxInFlight: \"{{drover.orders.maxInFlight}}\""))
                        .replace(
                                "kamelet:drover-follow-source",
                                "kamelet:drover-" + (mode.equals("LAG") ? "lag" : "follow") + "-source")
                        .after("url: \"{{drover.orders.url}}\"", "batchSize: \"{{drover.orders.batchSize}}\"");
        };
    }

    private RouteFile named(RouteFile file, String... places) {
        RouteFile named = file;
        for (String place : places) {
            if (!place.isEmpty()) {
                named = named.replace(place, place.replaceFirst("(orders-table|orders|short)", name));
            }
        }
        return named;
    }

    private static String queryOf(RouteFile file) {
        String text = file.text();
        int start = text.indexOf("query: ") + "query: ".length();
        return text.substring(start, text.indexOf('\n', start));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The SQL of a read step, with its mistake. */
    String sql() {
        String after = compared(">", "after");
        after = switch (mistake) {
            case AT_OR_AFTER -> compared(">=", "after");
            case NOT_AFTER -> "1 = 1";
            case AFTER_PART -> name(0) + " > " + bound(0, "after");
            case AFTER_OR -> after + " OR status = 'draft'";
            case COMMENTED_OUT -> "1 = 1 /* " + after + " */";
            default -> after;
        };
        String bound =
                switch (schema.key().get(0).given().startsWith("xid8") ? "XID" : mode) {
                    case "LOCK", "SESSIONS", "LAG", "AUTO" ->
                        " AND " + compared(mistake == Mistake.BELOW_BOUND ? "<" : "<=", "upTo");
                    case "XID" -> " AND written_by < pg_snapshot_xmin(pg_current_snapshot())";
                    default -> bounded ? " AND " + compared("<=", "upTo") : "";
                };
        String order =
                switch (mistake) {
                    case ORDER_BY_ANOTHER -> " ORDER BY uid";
                    case ORDER_FALLING -> " ORDER BY " + schema.keyNames().replace(",", " DESC,") + " DESC";
                    case ORDER_MISSING -> "";
                    case ORDER_BY_PART -> " ORDER BY " + name(0);
                    default -> " ORDER BY " + schema.keyNames();
                };
        String limit =
                switch (mistake) {
                    case LIMIT_MISSING -> "";
                    case LIMIT_SMALL -> " LIMIT 3";
                    case OFFSET -> " LIMIT :#${variable.pageSize} OFFSET 1";
                    default -> " LIMIT :#${variable.pageSize}";
                };
        return "SELECT " + schema.keyNames() + ", uid, status FROM " + schema.from() + " WHERE " + after
                + (mistake == Mistake.BOUND_MISSING ? "" : bound) + condition(" AND ") + order + limit;
    }

    /** Which rows are to be delivered. */
    String condition(String before) {
        return ready ? before + "status <> 'draft'" : "";
    }

    private String compared(String operator, String variable) {
        List<KeyPart> key = schema.key();
        if (key.size() == 1) {
            return name(0) + " " + operator + " " + bound(0, variable);
        }
        Function<Integer, String> each = part -> bound(part, variable);
        return "(" + schema.keyNames() + ") " + operator + " ("
                + java.util.stream.IntStream.range(0, key.size())
                        .boxed()
                        .map(each)
                        .collect(Collectors.joining(", ")) + ")";
    }

    private String name(int part) {
        return schema.quote(schema.key().get(part).name());
    }

    private String bound(int part, String variable) {
        KeyPart column = schema.key().get(part);
        String value = ":#${variable." + variable + (schema.key().size() == 1 ? "" : "[" + column.name() + "]") + "}";
        String type = column.ddl().replaceFirst(" (DEFAULT|GENERATED|COLLATE|CHARACTER).*", "");
        boolean cast =
                type.equals("xid8") || (casts && schema.engine() == Engine.POSTGRES && !type.equals("bigserial"));
        return cast ? "CAST(" + value + " AS " + type + ")" : value;
    }

    @Override
    public String toString() {
        return form + " " + mode + (form == Form.STEP ? " " + mistake + "\n  " + sql() : " " + schema.relation())
                + "\n  key " + schema.key().stream().map(KeyPart::name).toList() + (startAfter ? " with" : " without")
                + " startAfter";
    }
}
