package dev.drover.runtime;

import java.io.Console;
import java.util.Optional;

/** The terminal that someone sits at, if there is one. */
public final class Terminal {

    private Terminal() {}

    /** Empty if input or output is redirected. From Java 22 on there is a console even then, which can say so. */
    @SuppressWarnings("SystemConsoleNull") // null is what Java 17 to 21 say; what later ones say is asked too
    public static Optional<Console> console() {
        return Optional.ofNullable(System.console()).filter(Terminal::isTerminal);
    }

    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
