package dev.drover.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** Which contenders run in which series, over which table, to which receiver. */
final class Plan {

    private static final int IN_FLIGHT = 4;
    private static final int IN_FLIGHT_WHEN_LATE = 16;
    /** One is enough: what OFFSET costs grows with the square of the rows. */
    private static final int OFFSET_ROUNDS = 1;

    private final Options options;
    private final Databases databases;
    private final boolean node;

    Plan(Options options, Databases databases, boolean node) {
        this.options = options;
        this.databases = databases;
        this.node = node;
    }

    Series postgres() throws SQLException, IOException {
        return postgres("postgresql", options.javaOptions());
    }

    /** The same with the compiler as it is without options. */
    Series postgresWithoutOptions() throws SQLException, IOException {
        return postgres("postgresql-jvm", List.of());
    }

    private Series postgres(String name, List<String> javaOptions) throws SQLException, IOException {
        List<Contender> contenders = chosen(
                Contenders.LOOP,
                Contenders.DROVER_TABLE,
                Contenders.DROVER_READ,
                Contenders.DROVER_FOLLOWS,
                Contenders.DROVER_STEP,
                Contenders.NODE,
                Contenders.SPRING_BATCH,
                Contenders.SPRING_BATCH_ONE,
                Contenders.CAMEL);
        long rows = options.rows();
        return new Series(name, table(rows), table(0), rows, 0, javaOptions, IN_FLIGHT, options.rounds(), contenders);
    }

    /** With a receiver that takes its time. */
    Series latency() throws SQLException, IOException {
        List<Contender> contenders = chosen(
                Contenders.LOOP,
                Contenders.DROVER_TABLE,
                Contenders.DROVER_STEP,
                Contenders.NODE,
                Contenders.SPRING_BATCH,
                Contenders.CAMEL);
        long rows = options.latencyRows();
        return new Series(
                "latency",
                table(rows),
                table(0),
                rows,
                options.latency(),
                options.javaOptions(),
                IN_FLIGHT_WHEN_LATE,
                options.rounds(),
                contenders);
    }

    Series h2() throws SQLException, IOException {
        List<Contender> contenders = chosen(Contenders.LOOP, Contenders.DROVER_TABLE, Contenders.DROVER_STEP);
        long rows = options.h2Rows();
        return new Series(
                "h2",
                databases.h2(rows),
                databases.h2(0),
                rows,
                0,
                options.javaOptions(),
                IN_FLIGHT,
                options.rounds(),
                contenders);
    }

    Series offset() throws SQLException, IOException {
        List<Contender> contenders = chosen(Contenders.LOOP, Contenders.NODE, Contenders.NODE_OFFSET);
        long rows = options.offsetRows();
        return new Series(
                "offset", table(rows), table(0), rows, 0, options.javaOptions(), IN_FLIGHT, OFFSET_ROUNDS, contenders);
    }

    private Source table(long rows) throws SQLException, IOException {
        return databases.postgres(rows);
    }

    private List<Contender> chosen(Contender... contenders) {
        return Arrays.stream(contenders)
                .filter(options::wants)
                .filter(contender -> node || !contender.name().startsWith("node"))
                .toList();
    }
}
