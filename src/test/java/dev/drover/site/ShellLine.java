package dev.drover.site;

import dev.drover.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A line of a shell that a page shows. */
record ShellLine(String text) {

    private static final Pattern PROGRAM = Pattern.compile("(?:drover|java .*-jar (?:target/)?drover\\.jar)(?: (.*))?");
    private static final Pattern PROPERTY = Pattern.compile("-D(bench\\.\\w+)=.*");
    private static final Set<String> OF_THE_SYSTEM =
            Set.of("docker", "mkdir", "cp", "curl", "kubectl", "camel", "alias", "source", "npx", "openssl");

    /** The lines of a block; one that ends with a backslash goes on in the next. A comment is none. */
    static Stream<ShellLine> of(String block) {
        return block.replaceAll("\\\\\\n\\s*", "")
                .lines()
                .flatMap(line -> Arrays.stream(line.split(" && ", -1)))
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(ShellLine::new);
    }

    /** What is wrong with it, or null. */
    @Nullable
    String mistake() throws Exception {
        String first = text.split(" ", -1)[0];
        if (PROGRAM.matcher(text).matches()) {
            return ofTheProgram();
        }
        if (first.equals("mvn")) {
            return ofMaven();
        }
        if (first.equals("export")) {
            return ofASetting();
        }
        return OF_THE_SYSTEM.contains(first) ? null : "is no command that is known here";
    }

    private @Nullable String ofTheProgram() {
        try {
            Main.commandLine().parseArgs(words());
            return null;
        } catch (CommandLine.ParameterException e) {
            return e.getMessage();
        }
    }

    private String[] words() {
        String arguments = PROGRAM.matcher(text).replaceFirst("$1").replaceAll(" [>|].*", "");
        return arguments.isEmpty()
                ? new String[0]
                : Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)")
                        .matcher(arguments)
                        .results()
                        .map(word -> word.group().replaceAll("^[\"']|[\"']$", ""))
                        .toArray(String[]::new);
    }

    private @Nullable String ofMaven() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        for (String word : text.split(" ", -1)) {
            if (word.startsWith("-P") && !pom.contains("<id>" + word.substring(2) + "</id>")) {
                return word + " is no profile";
            }
            if (PROPERTY.matcher(word).matches()
                    && !pom.contains("<" + PROPERTY.matcher(word).replaceFirst("$1"))) {
                return word + " is no property of the profile";
            }
        }
        return null;
    }

    private @Nullable String ofASetting() throws Exception {
        String name = text.substring("export ".length()).split("=", -1)[0];
        boolean known = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS").contains(name) || Settings.isVariable(name);
        return known ? null : name + " is no setting";
    }
}
