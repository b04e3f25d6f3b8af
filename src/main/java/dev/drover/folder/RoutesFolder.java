package dev.drover.folder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.drover.route.Finding;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The user's folder with the route files and, optionally, {@code application.properties}.
 *
 * @param files the {@code *.camel.yaml} files in the order of their names, at least one
 * @param properties the settings in {@code application.properties}
 */
public record RoutesFolder(Path path, List<Path> files, Properties properties) {

    /** The file with the settings. */
    public static final String PROPERTIES = "application.properties";

    private static final String ROUTE_FILES = "*.camel.yaml";

    private static final Pattern SETTINGS = Pattern.compile("(?i)application\\.(properties|ya?ml)(\\.txt)?");
    private static final Pattern YAML = Pattern.compile("(?i).+\\.ya?ml(\\.txt)?");
    private static final Pattern ROUTES =
            Pattern.compile("(?m)^- *(route|from|beans|routeConfiguration|routeTemplate):");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /**
     * Reads the folder.
     *
     * @throws BadInputException if it cannot be read or has no route file
     */
    public static RoutesFolder open(Path path) {
        if (!Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new BadInputException("--routes: " + path + " is not a folder that can be read");
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> all = entries.sorted().toList();
            List<Path> files = all.stream()
                    .filter(file -> file.getFileName().toString().endsWith(".camel.yaml"))
                    .toList();
            for (Path file : all) {
                refuseUnread(file);
            }
            if (files.isEmpty()) {
                throw new BadInputException("--routes: " + path + " has no route file named " + ROUTE_FILES);
            }
            return new RoutesFolder(path, files, load(path.resolve(PROPERTIES)));
        } catch (IOException e) {
            throw new BadInputException("--routes: " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Refuses a file that holds routes or settings under a name that is not read: its pipeline would not run. */
    private static void refuseUnread(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (SETTINGS.matcher(name).matches() && !name.equals(PROPERTIES)) {
            throw new BadInputException(file + ": is not read, settings must be in " + PROPERTIES);
        }
        if (YAML.matcher(name).matches() && !name.endsWith(".camel.yaml") && Files.isRegularFile(file)) {
            boolean named = name.toLowerCase(Locale.ROOT).contains(".camel.");
            if (named || ROUTES.matcher(Files.readString(file, ISO_8859_1)).find()) {
                throw new BadInputException(
                        file + ": has routes and is not read, the name of a route file must end with .camel.yaml");
            }
        }
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            String text = Files.readString(file);
            if (text.startsWith(BYTE_ORDER_MARK)) {
                throw new BadInputException(
                        file + ":1: begins with a byte order mark, so that its first key would not be"
                                + " found; save it as UTF-8 without one");
            }
            properties.load(new StringReader(text));
        }
        return properties;
    }

    /**
     * The value in the system properties, else in the environment, else in the folder; empty if none has the setting.
     */
    public Optional<String> setting(String key) {
        return Stream.of(System.getProperty(key), System.getenv(environmentName(key)), properties.getProperty(key))
                .filter(Objects::nonNull)
                .findFirst()
                .map(String::trim)
                .filter(text -> !text.isEmpty());
    }

    /** The environment variable of a setting: {@code DROVER_SOURCE_URL} for {@code drover.source.url}. */
    public static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The location of the properties for camel-main. */
    public String propertiesLocation() {
        return propertiesLocation(path);
    }

    /** The location of the properties of a folder that may have no routes yet. */
    public static String propertiesLocation(Path folder) {
        return "file:" + folder.resolve(PROPERTIES) + ";optional=true";
    }

    /** The locations of the routes for camel-main, whose patterns find nothing in a folder that is a symbolic link. */
    public String includePattern() {
        return Files.isSymbolicLink(path)
                ? files.stream().map(file -> "file:" + file).collect(Collectors.joining(","))
                : "file:" + path.resolve(ROUTE_FILES);
    }

    /** The locations of Kamelets: the folder, then the built-in ones, then libraries. */
    public String kamelets() {
        return "file:" + path.resolve("kamelets") + ",classpath:" + BuiltIn.FOLDER + "kamelets,classpath:kamelets";
    }

    /** A finding about a setting, at its line in the properties, or else at the folder. */
    public Finding finding(String key, String message) {
        Path file = path.resolve(PROPERTIES);
        if (properties.containsKey(key)) {
            try {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).matches("\\s*" + Pattern.quote(key) + "\\s*[=: ].*")) {
                        return new Finding(file.toString(), i + 1, key, message);
                    }
                }
            } catch (IOException e) {
                return new Finding(file.toString(), 0, key, message);
            }
        }
        return new Finding(path.toString(), 0, key, message);
    }
}
