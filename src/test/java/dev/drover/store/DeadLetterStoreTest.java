package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.drover.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which dead letters a selection means; runs on H2, a subclass for each other database. */
public class DeadLetterStoreTest {

    private DataSource database;
    private DeadLetterStore store;

    DataSource emptyDatabase() throws Exception {
        return Sql.newH2();
    }

    @BeforeEach
    void insert() throws Exception {
        database = emptyDatabase();
        StoreSchema.migrate(database);
        store = new DeadLetterStore(database);
        insert("aaaa1", "orders", "deliver-orders", "id=1", "status 422: No 100% match", "422", "{\"id\":1}");
        insert("aaaa2", "orders", null, "id=2", "IllegalStateException: no 1000 matches", null, null);
        insert("bbbb3", "visits", "deliver-visits", "id=3", "status 400: bad_field", "400", "{\"id\":3}");
    }

    @Test
    void shouldReadEveryColumnWhenListed() {
        // When
        List<DeadLetter> letters = store.list(selection(List.of(), "orders", null, null, null), 0);

        // Then
        assertThat(letters).extracting(DeadLetter::id).containsExactly("aaaa1", "aaaa2");
        DeadLetter first = letters.get(0);
        assertThat(first.createdAt())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(first)
                .isEqualTo(new DeadLetter(
                        "aaaa1",
                        "orders",
                        "deliver-orders",
                        "id=1",
                        null,
                        "status 422: No 100% match",
                        422,
                        "{\"id\":1}",
                        first.createdAt()));
        assertThat(letters.get(1).status()).isNull();
        assertThat(letters.get(1).payload()).isNull();
    }

    @Test
    void shouldReadTheBeginningOfAPayloadAndItsLengthWhenCut() {
        // When
        List<DeadLetter.Cut> letters = Stream.of("aaaa1", "aaaa2", "none")
                .flatMap(id -> store.cut(id, 5).stream())
                .toList();

        // Then
        assertThat(letters)
                .extracting(letter -> letter.letter().payload(), DeadLetter.Cut::payloadLength, DeadLetter.Cut::cut)
                .containsExactly(tuple("{\"id\"", 8L, true), tuple(null, 0L, false));
    }

    @Test
    void shouldCutNoCharacterInTwoAndNothingThatFits() throws Exception {
        // Given
        insert("faces", "other", null, "id=1", "status 422", null, "a\uD83D\uDE00\uD83D\uDE00");

        // When
        List<DeadLetter.Cut> letters = Stream.of(2, 3, 4, 5, 6)
                .flatMap(most -> store.cut("faces", most).stream())
                .toList();

        // Then
        assertThat(letters)
                .extracting(letter -> letter.letter().payload(), DeadLetter.Cut::cut)
                .containsExactly(
                        tuple("a", true),
                        tuple("a\uD83D\uDE00", true),
                        tuple("a\uD83D\uDE00", true),
                        tuple("a\uD83D\uDE00\uD83D\uDE00", false),
                        tuple("a\uD83D\uDE00\uD83D\uDE00", false));
    }

    @Test
    void shouldTellWhetherThereIsAPayloadWithoutLoadingItWhenOutlined() {
        // When
        List<DeadLetter> letters = store.outlines(selection(List.of(), "orders", null, null, null), 0);

        // Then
        assertThat(letters).extracting(DeadLetter::payload).containsExactly("", null);
        assertThat(letters).extracting(DeadLetter::key).containsExactly("id=1", "id=2");
    }

    @Test
    void shouldReadPayloadsInPartsWhenTheyAreLong() throws Exception {
        // Given
        for (int i = 1; i <= 5; i++) {
            insert("long" + i, "long", null, "id=" + i, "status 422", null, "\"" + "x".repeat(8) + "\"");
        }
        List<String> ids = ids(selection(List.of(), "long", null, null, null));

        // Then
        assertThat(store.parts(ids, 25)).extracting(List::size).containsExactly(2, 2, 1);
        assertThat(store.parts(ids, 1)).hasSize(5).flatExtracting(part -> part).containsExactlyElementsOf(ids);
        assertThat(store.parts(ids, 50)).containsExactly(ids);
        assertThat(store.parts(List.of(), 1)).isEmpty();
    }

    @Test
    void shouldTakeTextLiterallyWhenItHasPatternSigns() {
        // Then
        assertThat(ids(selection(List.of(), null, "100% MATCH", null, null))).containsExactly("aaaa1");
        assertThat(ids(selection(List.of(), null, "d_f", null, null))).containsExactly("bbbb3");
        assertThat(ids(selection(List.of("aaaa_"), null, null, null, null))).isEmpty();
    }

    @Test
    void shouldMeanThoseThatFitEverythingWhenSeveralFiltersAreGiven() {
        // Given
        Instant ago = Instant.now().minus(Duration.ofHours(1));

        // Then
        assertThat(ids(selection(List.of("AAAA", "bbbb3"), null, null, null, null)))
                .containsExactlyInAnyOrder("aaaa1", "aaaa2", "bbbb3");
        assertThat(ids(selection(List.of("aaaa"), "orders", null, 422, ago))).containsExactly("aaaa1");
        assertThat(ids(selection(List.of(), null, null, null, Instant.now().plusSeconds(3600))))
                .isEmpty();
    }

    @Test
    void shouldMeanThoseOfTheDestinationAndOfTheTimesWhenTheseAreGiven() throws Exception {
        // Given
        setAside("aaaa1", "2020-01-01");
        setAside("bbbb3", "2020-01-02");
        Instant first = created("aaaa1");
        Instant second = created("bbbb3");

        // Then
        assertThat(ids(new Selection(List.of(), null, "deliver-orders", null, null, null, null, false)))
                .containsExactly("aaaa1");
        assertThat(ids(between(null, second))).containsExactly("aaaa1");
        assertThat(ids(between(first, second))).containsExactly("aaaa1");
        assertThat(ids(between(first, second.plusMillis(1)))).containsExactly("aaaa1", "bbbb3");
        assertThat(ids(between(first.plusMillis(1), second))).isEmpty();
        assertThat(between(null, second).isEverything()).isFalse();
        assertThat(between(null, null).isEverything()).isTrue();
    }

    @Test
    void shouldDeleteOnlyTheSelectedWhenPurged() {
        // When
        long deleted = store.delete(selection(List.of(), "orders", null, null, null));

        // Then
        assertThat(deleted).isEqualTo(2);
        assertThat(store.countByPipeline(false)).isEqualTo(Map.of("visits", 1L));
    }

    @Test
    void shouldDeleteTheOldestOfThePipelineFirstWhenOnlySomeAreToBeDeleted() throws Exception {
        // Given
        for (String id : List.of("aaaa1", "aaaa2", "bbbb3")) {
            setAside(id, "2020-01-0" + id.charAt(4));
        }
        insert("aaaa4", "orders", null, "id=4", "status 422", null, null);
        Instant before = Instant.now().minus(Duration.ofDays(30));

        // When
        int first = store.deleteBefore("orders", before, 1);
        List<String> left = ids(selection(List.of(), "orders", null, null, null));
        int second = store.deleteBefore("orders", before, 500);
        int third = store.deleteBefore("orders", before, 500);

        // Then
        assertThat(left).containsExactly("aaaa2", "aaaa4");
        assertThat(List.of(first, second, third)).containsExactly(1, 1, 0);
        assertThat(ids(selection(List.of(), null, null, null, null))).containsExactlyInAnyOrder("aaaa4", "bbbb3");
    }

    private List<String> ids(Selection selection) {
        assertThat(store.count(selection)).isEqualTo(store.ids(selection).size());
        return store.ids(selection);
    }

    private static Selection selection(
            List<String> ids, String pipeline, String reason, Integer status, Instant since) {
        return new Selection(ids, pipeline, null, reason, status, since, null, false);
    }

    private static Selection between(Instant since, Instant until) {
        return new Selection(List.of(), null, null, null, null, since, until, false);
    }

    private void setAside(String id, String day) throws Exception {
        Sql.run(
                database,
                "UPDATE drover_dead_letter SET created_at = TIMESTAMP '" + day + " 00:00:00' WHERE id = '" + id + "'");
    }

    private Instant created(String id) {
        return store.list(Selection.of(List.of(id)), 1).get(0).createdAt();
    }

    private void insert(String... values) throws Exception {
        StringBuilder sql = new StringBuilder("INSERT INTO drover_dead_letter"
                + " (id, pipeline, destination, record_key, reason, status, payload) VALUES (");
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            sql.append(i == 0 ? "" : ", ").append(value == null ? "NULL" : i == 5 ? value : "'" + value + "'");
        }
        Sql.run(database, sql.append(")").toString());
    }
}
