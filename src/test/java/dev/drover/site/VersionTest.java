package dev.drover.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The version stands in {@code pom.xml}; a file that repeats it must follow. */
class VersionTest {

    private static final Pattern POM = Pattern.compile("<artifactId>drover</artifactId>\\s*<version>([^<]+)</version>");
    private static final Pattern SHOWN =
            Pattern.compile("(?:drover[: ]|newTag: |ARG VERSION=)(\\d+\\.\\d+\\.\\d+\\S*?)\\b");

    @Test
    void shouldBeThatOfThePomWhenAFileShowsTheVersion() throws IOException {
        // Given
        String version = versions(POM, Path.of("pom.xml")).get(0);

        // When
        List<String> shown;
        try (Stream<Path> files = Stream.of("README.md", "Dockerfile", "src/main", "src/site/markdown")
                .flatMap(VersionTest::files)) {
            shown = files.flatMap(file -> versions(SHOWN, file).stream()).toList();
        }

        // Then
        assertThat(shown).hasSizeGreaterThan(5).containsOnly(version);
    }

    private static Stream<Path> files(String root) {
        try (Stream<Path> all = Files.walk(Path.of(root))) {
            return all.filter(file -> file.toString().matches(".*(\\.(java|md|yaml)|Dockerfile)")).toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> versions(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file))
                    .results()
                    .map((MatchResult result) -> result.group(1))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
