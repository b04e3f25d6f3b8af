package dev.drover;

import dev.drover.testing.RouteFile;

/** The forms in which a route can be written, and how a user changes each of them. */
enum PipelineForm {
    READ_STEP("orders", "routes/orders.camel.yaml"),
    TABLE("orders-table", "routes/examples/orders-table.camel.yaml"),
    SHORT("short", "routes/examples/short.camel.yaml");

    private final String pipeline;
    private final String path;

    PipelineForm(String pipeline, String path) {
        this.pipeline = pipeline;
        this.path = path;
    }

    String pipeline() {
        return pipeline;
    }

    RouteFile file() {
        return this == SHORT ? ShortForm.file(path) : RouteFile.of(path);
    }

    /** Puts a step of the user between the source and the batch. */
    RouteFile step(RouteFile route, String... step) {
        return route.before(this == SHORT ? "- to:" : "- aggregate:", step);
    }

    /** A batch has the records of one customer. */
    RouteFile keyed(RouteFile route) {
        return this == SHORT
                ? route.after("url: \"{{drover.orders.url}}\"", "groupBy: \"${body[customer]}\"")
                : route.replace(
                        """
                                          correlationExpression:
                                            constant:
                                              expression: %s
                        """
                                .formatted(pipeline),
                        """
                                          correlationExpression:
                                            simple:
                                              expression: "${body[customer]}"
                        """);
    }

    /** The key is (tenant, id). */
    RouteFile composite(RouteFile route) {
        return select(
                route.replace("key: id", "key: tenant,id").replace("startAfter: \"0\"", "startAfter: \"-1,0\""),
                "tenant, id, customer",
                "(tenant, id) > (:#${variable.after[tenant]}, :#${variable.after[id]})",
                "tenant, id");
    }

    /** The key is the text column code. */
    RouteFile text(RouteFile route) {
        return select(
                route.replace("key: id", "key: code").replace("startAfter: \"0\"", "startAfter: \"''\""),
                "code, id, customer",
                "code > :#${variable.after}",
                "code");
    }

    /** The key is the uuid column ref. */
    RouteFile uuid(RouteFile route) {
        return select(
                route.replace("key: id", "key: ref")
                        .replace("startAfter: \"0\"", "startAfter: 00000000-0000-0000-0000-000000000000"),
                "ref, id, customer",
                "ref > :#${variable.after}",
                "ref");
    }

    /** The key is (ordered_at, id). */
    RouteFile timestamp(RouteFile route) {
        return select(
                route.replace("key: id", "key: ordered_at,id")
                        .replace("startAfter: \"0\"", "startAfter: \"2000-01-01T00:00:00,0\""),
                "id, customer",
                "(ordered_at, id) > (:#${variable.after[ordered_at]}, :#${variable.after[id]})",
                "ordered_at, id");
    }

    private RouteFile select(RouteFile route, String columns, String where, String order) {
        return this != READ_STEP
                ? route
                : route.replace("\"{{drover.source.consistency}}\"", "STATIC")
                        .replace("SELECT id, customer", "SELECT " + columns)
                        .replace("id > :#${variable.after} AND id <= :#${variable.upTo}", where)
                        .replace("ORDER BY id", "ORDER BY " + order);
    }
}
