package dev.drover.ledger;

import java.sql.SQLException;
import org.apache.camel.NoSuchBeanException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/** Says why something failed. The innermost cause has the actual reason. */
public final class Cause {

    private Cause() {}

    /** The message of a failure and its class; only the class if it has no message. */
    public static String named(@Nullable Throwable failure) {
        if (failure == null) {
            return "no reason is known";
        }
        String kind = failure.getClass().getSimpleName();
        String message = failure.getMessage();
        return message == null || message.isBlank() ? kind : message + " (" + kind + ")";
    }

    /**
     * The message of the innermost cause in one line, without addresses of objects and SQL text. For SQLSTATE class 22
     * only the SQLSTATE is returned, because the message may quote a value of a row.
     */
    public static String line(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
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
