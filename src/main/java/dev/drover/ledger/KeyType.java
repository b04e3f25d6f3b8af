package dev.drover.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A Java type of key columns, with its exact text form.
 *
 * @param name the name in the checkpoint; must never change
 */
record KeyType<T>(String name, Class<T> type, Function<T, String> writer, Function<String, T> reader) {

    private static final List<KeyType<?>> ALL = List.of(
            new KeyType<>("long", Long.class, String::valueOf, Long::valueOf),
            new KeyType<>("integer", Integer.class, String::valueOf, Integer::valueOf),
            new KeyType<>("short", Short.class, String::valueOf, Short::valueOf),
            new KeyType<>("byte", Byte.class, String::valueOf, Byte::valueOf),
            new KeyType<>("decimal", BigDecimal.class, BigDecimal::toString, BigDecimal::new),
            new KeyType<>("biginteger", BigInteger.class, BigInteger::toString, BigInteger::new),
            new KeyType<>("double", Double.class, String::valueOf, Double::valueOf),
            new KeyType<>("float", Float.class, String::valueOf, Float::valueOf),
            new KeyType<>("boolean", Boolean.class, String::valueOf, KeyType::booleanOf),
            new KeyType<>("string", String.class, value -> value, text -> text),
            new KeyType<>("uuid", UUID.class, UUID::toString, UUID::fromString),
            new KeyType<>("bytes", byte[].class, KeyType::base64, text -> Base64.getDecoder()
                    .decode(text)),
            new KeyType<>("date", LocalDate.class, LocalDate::toString, LocalDate::parse),
            new KeyType<>("time", LocalTime.class, LocalTime::toString, LocalTime::parse),
            new KeyType<>("offsettime", OffsetTime.class, OffsetTime::toString, OffsetTime::parse),
            new KeyType<>("datetime", LocalDateTime.class, LocalDateTime::toString, LocalDateTime::parse),
            new KeyType<>("offsetdatetime", OffsetDateTime.class, OffsetDateTime::toString, OffsetDateTime::parse),
            new KeyType<>("instant", Instant.class, Instant::toString, Instant::parse),
            new KeyType<>("sqldate", Date.class, Date::toString, Date::valueOf),
            new KeyType<>("sqltimestamp", Timestamp.class, KeyType::zoned, KeyType::timestampOf));

    /** The type of a value; empty if a checkpoint cannot store it. */
    static Optional<KeyType<?>> of(Object value) {
        return ALL.stream().filter(type -> type.type == value.getClass()).findFirst();
    }

    /**
     * The type of a name.
     *
     * @throws java.util.NoSuchElementException if there is no such type
     */
    static KeyType<?> named(String name) {
        return ALL.stream().filter(type -> type.name.equals(name)).findFirst().orElseThrow();
    }

    String write(Object value) {
        return writer.apply(type.cast(value));
    }

    Object read(String text) {
        return reader.apply(text);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Boolean booleanOf(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("not a boolean");
        }
        return Boolean.valueOf(text);
    }

    private static String zoned(Timestamp timestamp) {
        return timestamp.toInstant().atZone(ZoneId.systemDefault()).toString();
    }

    /**
     * Reads a time stamp. Drivers create a {@link Timestamp} for a column without a zone by the zone of the process. In
     * another zone it would be another key, and rows would be skipped, so the pipeline does not start.
     */
    private static Timestamp timestampOf(String text) {
        ZonedDateTime written = ZonedDateTime.parse(text);
        if (!written.getZone().getRules().equals(ZoneId.systemDefault().getRules())) {
            throw new OtherZoneException(written.getZone());
        }
        return Timestamp.from(written.toInstant());
    }

    /** The value was written by a process in another time zone. */
    static final class OtherZoneException extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        OtherZoneException(ZoneId written) {
            super("was written in time zone " + written + ", but this process runs in " + ZoneId.systemDefault()
                    + ": run it in " + written + " (TZ, or -Duser.timezone)");
        }
    }
}
