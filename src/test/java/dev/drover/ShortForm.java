package dev.drover;

import dev.drover.testing.RouteFile;

/** The short form, with everything said that the long forms say. */
final class ShortForm {

    private ShortForm() {}

    /** The example, without its own step, and with the settings that tests change. */
    static RouteFile file(String path) {
        return RouteFile.of(path)
                .replace(
                        """
                                - validate:
                                    description: Valid orders only
                                    simple:
                                      expression: "${body[quantity]} > 0"
                        """,
                        "")
                .after(
                        "table: orders",
                        "key: id",
                        "startAfter: \"0\"",
                        "pageSize: \"{{drover.orders.pageSize}}\"",
                        "maxInFlight: \"{{drover.orders.maxInFlight}}\"")
                .after("url: \"{{drover.orders.url}}\"", "batchSize: \"{{drover.orders.batchSize}}\"");
    }
}
