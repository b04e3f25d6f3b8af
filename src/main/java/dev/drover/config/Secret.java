package dev.drover.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a secret: {@code env:BILLING_TOKEN} for an environment variable, or
 * {@code file:/run/secrets/billing-token} for a file without its last line break. The file is read at each use, so a
 * changed file applies from the next attempt. Immutable.
 */
public final class Secret {

    /** The largest file of a secret. */
    private static final int MOST_BYTES = 64 * 1024;

    /** Settings whose value may be the secret itself, or {@code file:/path}. */
    private static final List<String> SETTINGS =
            List.of("drover.source.password", "drover.store.password", "drover.management.token");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String ENV = "env:";
    private static final String FILE = "file:";

    private final String reference;

    private Secret(String reference) {
        this.reference = reference;
    }

    /** Accepts any text. A text that is not a reference is a {@link #problem}, and is never shown. */
    public static Secret of(String reference) {
        return new Secret(reference.trim());
    }

    /**
     * The value of a setting, or the present content of the file if the value is {@code file:/path}.
     *
     * @throws IllegalArgumentException if the file cannot be read or has no secret; names the file
     */
    public static String setting(String value) {
        try {
            return value.startsWith(FILE) ? of(value).value() : value;
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage()); // the cause names nothing but the file
        }
    }

    /**
     * Adds settings for the files that variables ending in {@code _FILE} name:
     * {@code DROVER_SOURCE_PASSWORD_FILE=/run/secrets/source}.
     *
     * @param environment the variables
     * @param settings receives the settings, which take precedence over settings in files
     * @throws IllegalArgumentException if the variable of the secret itself is set too
     */
    public static void takeFiles(Map<String, String> environment, Properties settings) {
        for (String setting : SETTINGS) {
            String variable = setting.toUpperCase(Locale.ROOT).replace('.', '_');
            String file = environment.getOrDefault(variable + "_FILE", "").strip();
            if (!file.isEmpty()) {
                if (!environment.getOrDefault(variable, "").isBlank()) {
                    throw new IllegalArgumentException(
                            variable + "_FILE: " + variable + " is set too; set one of them");
                }
                settings.setProperty(setting, FILE + file);
            }
        }
    }

    /** What is wrong with the reference; empty if nothing. */
    public Optional<String> problem() {
        if (reference.startsWith(ENV)) {
            return VARIABLE.matcher(name()).matches()
                    ? Optional.empty()
                    : Optional.of("env: must be followed by the name of a variable, like env:BILLING_TOKEN");
        }
        if (reference.startsWith(FILE) && path() != null) {
            return Optional.empty();
        }
        return Optional.of("a secret is not written here; allowed are env:NAME, a variable of the environment, and"
                + " file:/path, a mounted file");
    }

    /**
     * The present value of the secret.
     *
     * @throws IOException if there is none; the message names the variable or file and has no part of the secret
     */
    public String value() throws IOException {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
        String value = reference.startsWith(ENV) ? variable() : file();
        if (value.isEmpty()) {
            throw new IOException(place() + " is empty");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IOException(place() + " has a line break or another control character inside");
        }
        return value;
    }

    /** The variable or file, in words. */
    public String place() {
        return reference.startsWith(ENV) ? "the variable " + name() : "the file " + name();
    }

    private String variable() throws IOException {
        String value = System.getenv(name());
        if (value == null) {
            throw new IOException("the environment has no variable " + name() + "; set it");
        }
        return value;
    }

    private String file() throws IOException {
        Path file = Path.of(name());
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException(place() + " has more than " + MOST_BYTES + " bytes, it is no secret");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\r?\n\\z", "");
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file + "; mount it", e);
        } catch (AccessDeniedException e) {
            throw new IOException("the file " + file + " may not be read by this process", e);
        } catch (CharacterCodingException e) {
            throw new IOException(place() + " is not UTF-8", e);
        }
    }

    private String name() {
        return reference.substring(reference.indexOf(':') + 1);
    }

    private @Nullable Path path() {
        try {
            return name().isBlank() ? null : Path.of(name());
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Shows nothing, because a mistaken reference may be the secret itself. */
    @Override
    public String toString() {
        return "secret";
    }
}
