package dev.drover.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages explain is what the program says: each text in their first column stands in its code. */
class SpokenWordsTest {

    private static final Pattern TEXT = Pattern.compile("(?m)^\\| (?:[^`|]*)`([^`]+)`");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\n?\\s*\\+ \"");
    private static final int SHORTEST = 6;

    @ParameterizedTest
    @ValueSource(strings = {"troubleshooting.md", "operations.md"})
    void shouldBeSaidByTheProgramWhenAPageExplainsIt(String page) throws IOException {
        // Given
        String code = code();

        // When
        List<String> texts = TEXT.matcher(Page.of(page).text())
                .results()
                .map(text -> text.group(1))
                .filter(text -> text.contains(" "))
                .toList();
        List<String> unsaid = new ArrayList<>();
        for (String text : texts) {
            Stream.of(text.split("…", -1))
                    .map(String::strip)
                    .filter(part -> part.length() >= SHORTEST && !code.contains(part))
                    .forEach(part -> unsaid.add(text + ": " + part));
        }

        // Then
        assertThat(texts).hasSizeGreaterThan(5);
        assertThat(unsaid).isEmpty();
    }

    /** All code as one text, with the parts of each literal joined. */
    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                code.append(JOINED.matcher(Files.readString(file)).replaceAll(""));
            }
        }
        return code.toString();
    }
}
