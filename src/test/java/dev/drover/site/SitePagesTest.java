package dev.drover.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps every page true: its links lead somewhere, its YAML lints, its commands are understood, its names exist. */
class SitePagesTest {

    private static final Pattern SETTING = Pattern.compile("drover\\.[a-z]+(\\.[A-Za-z]+)+");
    private static final Pattern VARIABLE = Pattern.compile("DROVER_[A-Z_]+");
    private static final Pattern FILE = Pattern.compile("(routes|src)/[A-Za-z0-9./-]+");
    private static final Pattern RESOURCE = Pattern.compile("classpath:(dev/[A-Za-z0-9./-]+)");
    private static final Pattern COMMAND = Pattern.compile("drover [a-z]+( [a-z-]+)?");

    @TempDir
    Path folder;

    static Stream<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldLeadSomewhereWhenALinkIsFollowed(Page page) {
        // When
        List<String> dead = page.links().stream()
                .filter(link -> !link.contains("://"))
                .filter(link -> !exists(page, link))
                .toList();

        // Then
        assertThat(dead).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldStandInTheIndexWhenItIsAPage(Page page) {
        // When
        String name = page.file().getFileName().toString();

        // Then
        assertThat(Page.of("index.md").links()).anyMatch(link -> name.equals("index.md") || link.endsWith(name));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldBeInTheJarWhenAPageNamesAResource(Page page) {
        // When
        List<String> missing = RESOURCE.matcher(page.text())
                .results()
                .map(resource -> resource.group(1))
                .filter(resource -> SitePagesTest.class.getClassLoader().getResource(resource) == null)
                .toList();

        // Then
        assertThat(missing).isEmpty();
    }

    private static boolean exists(Page page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]);
        return Files.exists(target)
                && (parts.length == 1 || Page.read(target).anchors().contains(parts[1]));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldLintWhenItsYamlIsCopied(Page page) throws IOException {
        // When
        List<String> mistakes = new ArrayList<>();
        for (String block : page.blocks("yaml")) {
            String mistake = new YamlBlock(block).mistake(Files.createTempDirectory(folder, "routes"));
            if (mistake != null) {
                mistakes.add(mistake + "\n" + block);
            }
        }

        // Then
        assertThat(mistakes).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldBeUnderstoodWhenItsCommandsAreTyped(Page page) throws Exception {
        // When
        List<String> mistakes = new ArrayList<>();
        for (String block : page.blocks("sh")) {
            for (ShellLine line : ShellLine.of(block).toList()) {
                String mistake = line.mistake();
                if (mistake != null) {
                    mistakes.add(line.text() + ": " + mistake);
                }
            }
        }

        // Then
        assertThat(mistakes).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldExistWhenACommandIsNamed(Page page) {
        // When
        List<String> commands =
                page.codes().stream().filter(COMMAND.asMatchPredicate()).toList();

        // Then
        assertThat(commands).allMatch(CommandsText::isCommand);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldExistWhenASettingIsNamed(Page page) throws IOException {
        // When
        List<String> unknown = new ArrayList<>();
        for (String code : page.codes()) {
            boolean isSetting = SETTING.matcher(code).matches();
            boolean isVariable = VARIABLE.matcher(code).matches();
            if ((isSetting && !Settings.isSetting(code)) || (isVariable && !Settings.isVariable(code))) {
                unknown.add(code);
            }
        }

        // Then
        assertThat(unknown).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldExistWhenAFileIsNamed(Page page) {
        // When
        List<String> files =
                page.codes().stream().filter(FILE.asMatchPredicate()).toList();

        // Then
        assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).exists());
    }
}
