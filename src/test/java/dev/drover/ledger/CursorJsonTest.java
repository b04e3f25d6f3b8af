package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CursorJsonTest {

    @Property(tries = 2000)
    void shouldComeBackExactlyWhenWrittenAndRead(@ForAll("cursors") Cursor cursor) {
        // When
        String text = CursorJson.write(cursor);
        Cursor read = CursorJson.read("orders", text);

        // Then
        assertThat(read.columns()).isEqualTo(cursor.columns());
        assertThat(read.values())
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .isEqualTo(cursor.values());
        assertThat(text).matches("\\p{ASCII}*");
    }

    @Property(tries = 500)
    void shouldNeverBeReadAsAnotherCursorWhenCutShort(@ForAll("cursors") Cursor cursor, @ForAll int at) {
        // Given
        String text = CursorJson.write(cursor);
        String cut = text.substring(0, Math.floorMod(at, text.length()));

        // When, Then
        assertThatThrownBy(() -> CursorJson.read("orders", cut))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the checkpoint of pipeline orders is corrupt")
                .hasNoCause();
    }

    @Example
    void shouldHaveTheDocumentedForm() {
        // When
        String text = CursorJson.write(new Cursor(List.of("id"), List.of(10030L)));

        // Then
        assertThat(text).isEqualTo("[{\"column\":\"id\",\"type\":\"long\",\"value\":\"10030\"}]");
    }

    @Example
    void shouldNameColumnAndTypeWhenAValueCanNotBeKept() {
        // Given
        Cursor odd = new Cursor(List.of("place"), List.of(new Object()));

        // When, Then
        assertThatThrownBy(() -> CursorJson.write(odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key column place is read as java.lang.Object, which a checkpoint cannot keep");
    }

    @Example
    void shouldRefuseATimestampWhenTheProcessRunsInAnotherTimeZone() {
        // Given
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        String text = CursorJson.write(new Cursor(List.of("at"), List.of(Timestamp.from(Instant.EPOCH))));
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));

        // When, Then
        try {
            assertThatThrownBy(() -> CursorJson.read("orders", text))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("pipeline orders", "Europe/Berlin", "America/New_York");
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Provide
    Arbitrary<Cursor> cursors() {
        Arbitrary<Long> seconds = Arbitraries.longs().between(-10_000_000_000L, 200_000_000_000L);
        Arbitrary<Integer> nanos = Arbitraries.integers().between(0, 999_999_999);
        Arbitrary<Instant> instants = Combinators.combine(seconds, nanos).as(Instant::ofEpochSecond);
        Arbitrary<LocalDateTime> times = instants.map(instant -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
        Arbitrary<ZoneOffset> offsets =
                Arbitraries.integers().between(-64800, 64800).map(ZoneOffset::ofTotalSeconds);
        Arbitrary<Object> values = Arbitraries.oneOf(List.of(
                Arbitraries.longs().map(Object.class::cast),
                Arbitraries.integers().map(Object.class::cast),
                Arbitraries.shorts().map(Object.class::cast),
                Arbitraries.bytes().map(Object.class::cast),
                Arbitraries.doubles().map(Object.class::cast),
                Arbitraries.floats().map(Object.class::cast),
                Arbitraries.of(true, false).map(Object.class::cast),
                Arbitraries.strings().map(Object.class::cast),
                Arbitraries.bigIntegers().map(Object.class::cast),
                Combinators.combine(
                                Arbitraries.bigIntegers(),
                                Arbitraries.integers().between(-50, 50))
                        .as((BigInteger unscaled, Integer scale) -> new BigDecimal(unscaled, scale)),
                Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new),
                Arbitraries.bytes().array(byte[].class).map(Object.class::cast),
                times.map(Object.class::cast),
                times.map(LocalDateTime::toLocalDate).map(Object.class::cast),
                times.map(LocalDateTime::toLocalTime).map(Object.class::cast),
                instants.map(Object.class::cast),
                times.map(LocalDateTime::toLocalDate).map(Date::valueOf).map(Object.class::cast),
                instants.map(Timestamp::from).map(Object.class::cast),
                Combinators.combine(times, offsets).as(OffsetDateTime::of),
                Combinators.combine(times.map(LocalDateTime::toLocalTime), offsets)
                        .as(OffsetTime::of)));
        return values.list().ofMinSize(1).ofMaxSize(4).map(CursorJsonTest::cursor);
    }

    private static Cursor cursor(List<Object> values) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            columns.add("Spalte \"" + i + "ß");
        }
        return new Cursor(columns, values);
    }
}
