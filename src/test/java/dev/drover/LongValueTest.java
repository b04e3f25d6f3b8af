package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record with a value too long is set aside by its key, in the routes as they are, and the page goes on. */
@Integration
class LongValueTest {

    private final Database source = Database.h2();
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        drover = Drover.reading(source).sendingTo(receiver).sizes(100, 40, 300).draining();
        source.orders(1, 300);
        source.run(
                "ALTER TABLE orders ADD COLUMN note CLOB",
                "UPDATE orders SET note = 'short'",
                "UPDATE orders SET note = REPEAT('x', 20000) WHERE id IN (77, 201)");
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHORT")
    void shouldSetItAsideByItsKeyWhenTheRecordHasAValueTooLong(PipelineForm form) {
        // Given
        drover.file(limited(form));

        // When
        runToTheEnd();

        // Then
        String unit = form == PipelineForm.TABLE ? "bytes" : "characters";
        assertSetAside("column note has 20000 " + unit + ", more than maxValueBytes 1000");
    }

    @Test
    void shouldDeliverEachRowWhenPagesEndEarlyForTheirBytes() {
        // Given
        drover.file(PipelineForm.TABLE.file().after("key: id", "maxPageBytes: 100"));

        // When
        runToTheEnd();

        // Then
        assertThat(receiver.accepted()).hasSize(300);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(source.column("SELECT COUNT(*) FROM drover_dead_letter")).containsExactly("0");
    }

    private RouteFile limited(PipelineForm form) {
        RouteFile route = form.file();
        if (form == PipelineForm.TABLE) {
            return route.after("key: id", "maxValueBytes: 1000");
        }
        drover.set("camel.component.sql.rowMapperFactory", "#class:dev.drover.rows.RecordMapper(1000)");
        return route.replace("SELECT id, customer", "SELECT id, note, customer");
    }

    private void runToTheEnd() {
        drover.start();
        drover.awaitEnd();
        assertThat(drover.pipelines())
                .allSatisfy(pipeline -> assertThat(pipeline.ledger().halted()).isEmpty());
        drover.stop();
    }

    private void assertSetAside(String reason) {
        assertThat(receiver.accepted().keySet())
                .containsExactlyInAnyOrderElementsOf(source.column("SELECT id FROM orders WHERE id NOT IN (77, 201)"));
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(source.column("SELECT record_key FROM drover_dead_letter ORDER BY record_key"))
                .containsExactly("id=201", "id=77");
        assertThat(source.column("SELECT DISTINCT reason FROM drover_dead_letter"))
                .isEqualTo(List.of(reason));
        assertThat(source.column("SELECT COUNT(payload) FROM drover_dead_letter"))
                .containsExactly("0");
        assertThat(source.column("SELECT cursor_json FROM drover_checkpoint").get(0))
                .contains("300");
    }
}
