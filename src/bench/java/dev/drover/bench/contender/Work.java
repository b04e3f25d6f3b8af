package dev.drover.bench.contender;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What a contender gets from its environment, and what is the same for all: the sizes of a page and of a batch. */
record Work(String url, String user, String destination, int parallelism) {

    static final int PAGE = 1000;
    static final int BATCH = 500;

    static Work fromEnvironment() {
        return new Work(
                System.getenv("BENCH_URL"),
                System.getenv("BENCH_USER"),
                System.getenv("BENCH_DESTINATION"),
                Integer.parseInt(System.getenv("BENCH_PARALLELISM")));
    }

    /** The same, with values of PostgreSQL sent as text, not in its binary form. */
    Work asText() {
        return url.startsWith("jdbc:postgresql:")
                ? new Work(url + "?binaryTransfer=false", user, destination, parallelism)
                : this;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, "");
    }
}
