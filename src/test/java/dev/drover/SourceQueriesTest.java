package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.database.DatabasePool;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pipeline asks its source beside the pages: what is looked up once a second must not be asked for each page. */
@Integration
class SourceQueriesTest {

    private static final int PAGES = 60;

    private final Receiver receiver = Receiver.start("id");

    @BeforeEach
    void forget() {
        CountingPool.STATEMENTS.clear();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                Arguments.of(Engine.H2, PipelineForm.TABLE, "orders", 1),
                Arguments.of(Engine.MARIADB, PipelineForm.TABLE, "orders", 1),
                Arguments.of(Engine.POSTGRES, PipelineForm.TABLE, "orders", 3),
                Arguments.of(Engine.POSTGRES, PipelineForm.READ_STEP, "orders", 3),
                Arguments.of(Engine.POSTGRES, PipelineForm.TABLE, "orders_seen", 2));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldAskHardlyMoreThanThePagesWhileItReads(Engine engine, PipelineForm form, String table, int perPage) {
        // Given
        Database database = engine.newDatabase().orders(1, 5 * PAGES);
        database.run("CREATE VIEW orders_seen AS SELECT * FROM orders");
        RouteFile route = form == PipelineForm.TABLE
                ? form.file().replace("table: orders\n", "table: " + table + "\n")
                : form.file();
        Drover drover = Drover.reading(database)
                .set("drover.source.consistency", "STATIC")
                .file(RouteFile.of("routes/beans.camel.yaml")
                        .replace("maxAge: 1s", "maxAge: 1h")
                        .replace(
                                "name: source\n      type: dev.drover.database.DatabasePool",
                                "name: source\n      type: " + CountingPool.class.getName()))
                .sendingTo(receiver)
                .sizes(5, 5, 100)
                .draining()
                .file(route);
        long began = System.nanoTime();

        // When
        drover.run();

        // Then
        long seconds = 1 + (System.nanoTime() - began) / 1_000_000_000;
        assertThat(receiver.accepted()).hasSize(5 * PAGES);
        assertThat(CountingPool.STATEMENTS.size()).isLessThan((int) (perPage * (PAGES + 2) + 40 + 12 * seconds));
    }

    /** The pool of the source, which remembers what is asked. */
    public static final class CountingPool extends DatabasePool {

        static final List<String> STATEMENTS = new CopyOnWriteArrayList<>();

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    CountingPool.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().matches("prepareStatement|createStatement")) {
                            STATEMENTS.add(arguments == null ? "a statement" : String.valueOf(arguments[0]));
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
