package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Keeps the README true beyond what holds for every page: its first command runs, and it lists each command. */
class ReadmeTest {

    @TempDir
    Path folder;

    @Test
    void shouldPrintWhatItShowsWhenItsFirstCommandIsRun() throws Exception {
        // Given
        String command = found("```sh\\n(mvn.*?)\\n```").get(0);
        List<String> shown = found("```\\n(orders: .*?)\\n```").get(0).lines().toList();

        // When
        DroverProcess drover = DroverProcess.run(folder, Map.of(), optionsOf(command));
        int exitCode = drover.await();

        // Then
        assertThat(command).startsWith("mvn -q -DskipTests package && java -jar target/drover.jar run ");
        assertThat(exitCode).isZero();
        assertThat(drover.output()).isEqualTo(shown);
    }

    @Test
    void shouldListEachCommandOnce() throws Exception {
        // When
        List<String> listed = found("\\| `(drover [a-z -]+)` \\|");

        // Then
        assertThat(listed)
                .containsExactlyElementsOf(leaves(new CommandLine(new Main())).toList());
    }

    private static Stream<String> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command.getCommandSpec().qualifiedName())
                : command.getSubcommands().values().stream().flatMap(ReadmeTest::leaves);
    }

    private static String[] optionsOf(String command) {
        return command.substring(command.indexOf(" run ") + " run ".length()).split(" ");
    }

    private static List<String> found(String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(MatchResult::group)
                .map(text -> text.replaceAll("(?s)" + pattern, "$1"))
                .toList();
    }
}
