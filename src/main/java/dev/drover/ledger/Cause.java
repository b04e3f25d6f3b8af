package dev.drover.ledger;

import java.sql.SQLException;
import org.apache.camel.NoSuchBeanException;

/** The innermost cause of a failure, which says what is wrong. */
public final class Cause {

    private Cause() {}

    /** The cause that has no cause itself. */
    public static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * The innermost cause in one line, without the addresses of objects and the text of statements. SQLSTATE 22 stands
     * for the message that has it: the message may quote a value of a row.
     */
    public static String line(Throwable failure) {
        Throwable cause = innermost(failure);
        if (cause instanceof NoSuchBeanException bean) {
            return "there is no bean '" + bean.getName() + "'";
        }
        if (cause instanceof SQLException e
                && e.getSQLState() != null
                && e.getSQLState().startsWith("22")) {
            return "SQLSTATE " + e.getSQLState();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.lines()
                .findFirst()
                .orElse("")
                .replaceFirst("; SQL statement:.*", "")
                .replaceAll("@[0-9a-f]{5,8}\\b", "");
    }
}
