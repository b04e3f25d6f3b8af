package dev.drover.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The properties that a route file may set on a bean, from the comments of their setters. */
final class BeansText {

    private static final List<String> BEANS = List.of(
            "batch.BatchStrategy",
            "database.DatabasePool",
            "delivery.Destination",
            "outcome.PolicySettings",
            "deadletter.DeadLetters",
            "contract.Contract",
            "format.Bulk",
            "format.CloudEvents",
            "format.Envelope",
            "credentials.ApiKey",
            "credentials.BasicCredentials",
            "credentials.BearerToken",
            "credentials.ClientCertificate",
            "credentials.ClientCredentials",
            "credentials.WebhookSignature");

    private static final Pattern SETTER = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+\\S*\\s*)*public void set([A-Z]\\w*)\\(", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("@param \\w+ (.*)");

    private BeansText() {}

    static String text() throws IOException {
        StringBuilder text = new StringBuilder("| class | property | meaning |\n|---|---|---|\n");
        for (String bean : BEANS) {
            String type = "`dev.drover." + bean + "`";
            Matcher setter = SETTER.matcher(source(bean));
            while (setter.find()) {
                text.append("| " + type + " | `" + decapitalized(setter.group(2)) + "` | " + plain(setter.group(1))
                        + " |\n");
                type = "";
            }
        }
        return text.toString();
    }

    private static String source(String bean) throws IOException {
        return Files.readString(Path.of("src/main/java/dev/drover", bean.replace('.', '/') + ".java"));
    }

    private static String decapitalized(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** The comment without its stars and tags, and in parentheses what it says of the value. */
    private static String plain(String comment) {
        String words = comment.replaceAll("\\s*\\n\\s*\\* ?", " ").strip();
        words = words.replaceAll("\\{@code ((?:[^{}]|\\{[^{}]*})*)}", "`$1`")
                .replaceAll("\\{@link #?(?:set)?([^}]*)}", "$1");
        words = words.replaceAll("</?p>", "").replaceAll("\\s+", " ").replace("|", "\\|");
        int tags = words.indexOf(" @");
        String meaning = tags < 0 ? words : words.substring(0, tags);
        Matcher parameter =
                PARAMETER.matcher(tags < 0 ? "" : words.substring(tags).split(" @throws", -1)[0]);
        return parameter.find() ? meaning + " (" + parameter.group(1).strip() + ")" : meaning;
    }
}
