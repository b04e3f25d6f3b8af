package dev.drover.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the settings that the routes ask for and nobody gave. */
final class Placeholders {

    private static final Pattern ASKED = Pattern.compile("\\{\\{(drover\\.[A-Za-z0-9._-]+)}}");

    private Placeholders() {}

    /** One line for the first setting that is missing: its key, the file that asks for it, the variable to set. */
    static Optional<String> missing(RoutesFolder folder, Properties overrides) {
        return Stream.concat(folder.files().stream().flatMap(Placeholders::asked), BuiltIn.needs(folder))
                .filter(asked -> overrides.getProperty(asked.key) == null)
                .filter(asked -> folder.setting(asked.key).isEmpty())
                .filter(asked -> BuiltIn.properties().getProperty(asked.key) == null)
                .findFirst()
                .map(asked -> asked.where + ": " + asked.key + " has no value; set "
                        + RoutesFolder.environmentName(asked.key) + " in the environment or " + asked.key + " in "
                        + folder.path().resolve("application.properties"));
    }

    /**
     * A setting that something asks for.
     *
     * @param key the setting
     * @param where the file that asks
     */
    record Asked(String key, String where) {}

    private static Stream<Asked> asked(Path file) {
        try {
            return asked(file.toString(), Files.readAllLines(file));
        } catch (IOException e) {
            throw new BadInputException(file + ": can not be read: " + e.getMessage(), e);
        }
    }

    static Stream<Asked> asked(String where, List<String> lines) {
        return lines.stream()
                .flatMap(line -> ASKED.matcher(line).results())
                .map(found -> new Asked(found.group(1), where));
    }
}
