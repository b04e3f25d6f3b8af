package dev.drover.rows;

import java.sql.SQLException;

/** A page could not be read. The cause is the {@link SQLException}; reading may simply be tried again. */
public final class PageReadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PageReadException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
