package dev.drover.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the names on the architecture page true. */
class ArchitecturePageTest {

    private static final Path PAGE = Path.of("src/site/markdown/architecture.md");
    private static final Path CODE = Path.of("src/main/java/dev/drover");
    private static final Pattern CLASS = Pattern.compile("`([a-z]+)\\.([A-Z]\\w+)`");
    private static final Pattern PACKAGE = Pattern.compile("`([a-z]+)`");

    @Test
    void shouldNameOnlyClassesThatExist() throws IOException {
        // When
        List<String> missing = CLASS.matcher(Files.readString(PAGE))
                .results()
                .filter(found -> !Files.exists(CODE.resolve(found.group(1)).resolve(found.group(2) + ".java")))
                .map(MatchResult::group)
                .toList();

        // Then
        assertThat(missing).isEmpty();
    }

    @Test
    void shouldNameEachPackage() throws IOException {
        // Given
        Set<String> named = PACKAGE.matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());

        // When
        try (Stream<Path> packages = Files.list(CODE)) {
            // Then
            assertThat(packages.map(each -> each.getFileName().toString())).allMatch(named::contains);
        }
    }

    @Test
    void shouldNotGrowWhenTheWayOfARecordIsFollowed() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        String way =
                page.substring(page.indexOf("## The way of a record"), page.indexOf("A record that a destination"));
        String settling = way.substring(way.indexOf("Then it is settled:"));

        // When
        Set<String> all = classes(way);

        // Then
        assertThat(all).hasSizeLessThanOrEqualTo(23);
        assertThat(classes(settling)).hasSizeLessThanOrEqualTo(11);
    }

    private static Set<String> classes(String text) {
        return CLASS.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
