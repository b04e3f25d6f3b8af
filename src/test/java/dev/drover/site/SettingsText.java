package dev.drover.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The settings of {@code routes/application.properties}: each paragraph is a comment and the keys below it. */
final class SettingsText {

    private static final Path FILE = Path.of("routes", "application.properties");
    private static final Pattern SETTING = Pattern.compile("(#?)(drover\\.[A-Za-z.]+) = (.*)");
    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\{\\{env:[A-Z_]+:}}");

    private SettingsText() {}

    static String text() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String paragraph : Files.readString(FILE).split("\n\n", -1)) {
            List<MatchResult> settings = paragraph
                    .lines()
                    .map(SETTING::matcher)
                    .filter(line -> line.matches())
                    .map(line -> line.toMatchResult())
                    .toList();
            if (!settings.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n")
                        .append(comment(paragraph))
                        .append("\n\n");
                text.append("| setting | variable | default |\n|---|---|---|\n");
                settings.forEach(setting -> text.append(row(setting)));
            }
        }
        return text.toString();
    }

    private static String comment(String paragraph) {
        List<String> lines = new ArrayList<>();
        paragraph.lines().filter(line -> line.startsWith("# ")).forEach(line -> lines.add(line.substring(2)));
        return String.join("\n", lines);
    }

    private static String row(MatchResult setting) {
        boolean none = !setting.group(1).isEmpty()
                || FROM_ENVIRONMENT.matcher(setting.group(3)).matches();
        return "| `" + setting.group(2) + "` | `" + variable(setting.group(2)) + "` | "
                + (none ? "none" : "`" + setting.group(3) + "`") + " |\n";
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
