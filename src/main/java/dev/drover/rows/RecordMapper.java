package dev.drover.rows;

import dev.drover.config.ByteLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.camel.component.sql.RowMapperFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.BeanPropertyRowMapper;
import org.springframework.jdbc.core.RowMapper;

/**
 * Lets Camel's {@code sql} component return {@link SourceRecord}s instead of case-insensitive maps:
 * {@code camel.component.sql.row-mapper-factory=#recordMapper}. Thread-safe.
 *
 * <p>A record with a value longer than {@code maxValueBytes} cannot be represented and becomes a dead letter. Only a
 * CLOB or BLOB that the driver keeps in the database is not loaded for that; PostgreSQL and MariaDB have sent the value
 * by then, so that SQL which may meet such values has to hold them back itself, or the table form is used.
 */
public final class RecordMapper implements RowMapperFactory {

    private final long maxValueBytes;

    /** Refuses values of more than 16 MiB. */
    public RecordMapper() {
        this(ByteLimits.DEFAULT.maxValueBytes());
    }

    /**
     * With a limit of its own: {@code #class:dev.drover.rows.RecordMapper(1048576)}.
     *
     * @param maxValueBytes the longest value that becomes a part of a record, in bytes; 0 for no limit
     * @throws IllegalArgumentException when it is negative
     */
    public RecordMapper(long maxValueBytes) {
        this.maxValueBytes = new ByteLimits(maxValueBytes, 0).maxValueBytes();
    }

    /** A mapper of its own: Camel asks for one with each query. It is thread-safe and may be kept nevertheless. */
    @Override
    public RowMapper<SourceRecord> newColumnRowMapper() {
        return new Mapper(maxValueBytes);
    }

    /** Camel's own mapper, for an endpoint with {@code outputClass}. */
    @Override
    public RowMapper<?> newBeanRowMapper(Class<?> mappedClass) {
        return new BeanPropertyRowMapper<>(mappedClass);
    }

    private static final class Mapper implements RowMapper<SourceRecord> {

        private final long maxValueBytes;

        /** The reader of the result seen last; only ever replaced whole, so a query beside it costs time, no more. */
        private volatile @Nullable RowReader latest;

        Mapper(long maxValueBytes) {
            this.maxValueBytes = maxValueBytes;
        }

        @Override
        public SourceRecord mapRow(ResultSet rows, int rowNumber) throws SQLException {
            RowReader reader = latest;
            if (reader == null || !reader.reads(rows)) {
                reader = new RowReader(rows, maxValueBytes);
                latest = reader;
            }
            return reader.read();
        }
    }
}
