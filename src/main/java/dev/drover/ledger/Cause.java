package dev.drover.ledger;

import java.sql.SQLException;
import org.apache.camel.NoSuchBeanException;

/** Finds the innermost cause of a failure, which has the actual reason. */
public final class Cause {

    private Cause() {}

    public static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * The message of the innermost cause in one line, without addresses of objects and SQL text. For SQLSTATE class 22
     * only the SQLSTATE is returned, because the message may quote a value of a row.
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
