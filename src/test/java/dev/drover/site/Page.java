package dev.drover.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A published page, as its Markdown. */
record Page(Path file, String text) {

    private static final Path SITE = Path.of("src/site/markdown");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    static Stream<Page> all() throws IOException {
        try (Stream<Path> files = Files.list(SITE)) {
            return Stream.concat(Stream.of(Path.of("README.md")), files.sorted().toList().stream())
                    .map(Page::read)
                    .toList()
                    .stream();
        }
    }

    static Page read(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Page of(String name) {
        return read(SITE.resolve(name));
    }

    /** The blocks of a language, such as {@code yaml}. */
    List<String> blocks(String language) {
        return FENCED.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** What stands between two backticks in a line of text, blocks left out. */
    List<String> codes() {
        return groups(CODE, FENCED.matcher(text).replaceAll(""));
    }

    List<String> links() {
        return groups(LINK, FENCED.matcher(text).replaceAll(""));
    }

    /** The names by which a link leads to a heading. */
    List<String> anchors() {
        return groups(HEADING, FENCED.matcher(text).replaceAll("")).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{Alnum} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
