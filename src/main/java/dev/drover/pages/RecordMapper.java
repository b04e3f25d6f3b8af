package dev.drover.pages;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.camel.component.sql.RowMapperFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.BeanPropertyRowMapper;
import org.springframework.jdbc.core.RowMapper;

/**
 * Lets Camel's {@code sql} component return {@link SourceRecord}s instead of case-insensitive maps:
 * {@code camel.component.sql.row-mapper-factory=#recordMapper}. Thread-safe.
 */
public final class RecordMapper implements RowMapperFactory {

    /** A mapper of its own: Camel asks for one with each query. It is thread-safe and may be kept nevertheless. */
    @Override
    public RowMapper<SourceRecord> newColumnRowMapper() {
        return new Mapper();
    }

    /** Camel's own mapper, for an endpoint with {@code outputClass}. */
    @Override
    public RowMapper<?> newBeanRowMapper(Class<?> mappedClass) {
        return new BeanPropertyRowMapper<>(mappedClass);
    }

    private static final class Mapper implements RowMapper<SourceRecord> {

        /** The reader of the result seen last; only ever replaced whole, so a query beside it costs time, no more. */
        private volatile @Nullable RowReader latest;

        @Override
        public SourceRecord mapRow(ResultSet rows, int rowNumber) throws SQLException {
            RowReader reader = latest;
            if (reader == null || !reader.reads(rows)) {
                reader = new RowReader(rows);
                latest = reader;
            }
            return reader.read();
        }
    }
}
