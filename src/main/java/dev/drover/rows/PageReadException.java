package dev.drover.rows;

import java.sql.SQLException;

/** A page could not be read. The cause is an {@link SQLException}. The call may be repeated. */
public final class PageReadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PageReadException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
