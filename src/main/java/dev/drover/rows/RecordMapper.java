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
 * <p>A record with a value longer than {@code maxValueBytes} cannot be represented and becomes a dead letter. A CLOB or
 * BLOB that the driver keeps in the database is then not loaded. PostgreSQL and MariaDB have sent the value already, so
 * use the table form, or SQL that does not select such values.
 */
public final class RecordMapper implements RowMapperFactory {

    private final long maxValueBytes;

    /** Creates a factory with a limit of 16 MiB. */
    public RecordMapper() {
        this(ByteLimits.DEFAULT.maxValueBytes());
    }

    /**
     * Creates a factory with another limit: {@code #class:dev.drover.rows.RecordMapper(1048576)}.
     *
     * @param maxValueBytes the longest value in bytes; 0 for no limit
     * @throws IllegalArgumentException if it is negative
     */
    public RecordMapper(long maxValueBytes) {
        this.maxValueBytes = new ByteLimits(maxValueBytes, 0).maxValueBytes();
    }

    /** Creates a thread-safe mapper. Camel asks for one for each query. */
    @Override
    public RowMapper<SourceRecord> newColumnRowMapper() {
        return new Mapper(maxValueBytes);
    }

    /** Returns Camel's own mapper, for an endpoint with {@code outputClass}. */
    @Override
    public RowMapper<?> newBeanRowMapper(Class<?> mappedClass) {
        return new BeanPropertyRowMapper<>(mappedClass);
    }

    private static final class Mapper implements RowMapper<SourceRecord> {

        private final long maxValueBytes;

        /** The reader of the last result. If two queries share the mapper, it is only replaced more often. */
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
