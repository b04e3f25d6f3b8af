package dev.drover.console;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a part of a pipeline is. */
enum Health {
    /** It does what it should. */
    OK,
    /** It rests, on purpose or because there is nothing to do. */
    IDLE,
    /** It goes on, but someone should look. */
    WARNING,
    /** It does not go on. */
    BAD;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
