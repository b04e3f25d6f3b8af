package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.cli.Main;
import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Help and errors, as a user meets them. */
@Integration
class CommandLineTest {

    @TempDir
    Path folder;

    @Test
    void shouldShowExamplesWhenAskedForHelp() {
        // Given
        CommandLine drover = Main.commandLine();

        // When
        List<CommandLine> commands = all(drover).toList();

        // Then
        assertThat(commands).hasSizeGreaterThan(10).allSatisfy(command -> assertThat(command.getUsageMessage())
                .contains("Examples:", "  drover "));
    }

    @Test
    void shouldSayOneLineWhenTheInputIsBad() throws Exception {
        // When
        List<DroverProcess> refused = List.of(
                command("status"),
                command("status", "--jsn"),
                command("checkpoint", "set", "orders"),
                command("dead-letters", "purge", ""),
                command("dead-letters", "list", "--since", "yesterday"));

        // Then
        assertThat(refused).allSatisfy(command -> {
            assertThat(command.await()).isEqualTo(2);
            assertThat(command.output()).isEmpty();
            assertThat(command.errors()).singleElement().asString().startsWith("drover: ");
        });
        assertThat(refused.get(0).errors().get(0)).contains("drover.store.url", "does not exist");
        assertThat(refused.get(1).errors().get(0)).contains("did you mean --json?");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void shouldPrintAScriptForBashWhenAskedForCompletion() throws Exception {
        // Given
        DroverProcess completion =
                DroverProcess.start(folder, Map.of(), List.of("-jar", DroverProcess.JAR.toString(), "completion"));
        completion.await();
        Path script = Files.write(folder.resolve("completion.sh"), completion.output());

        // When
        String check = "source " + script + " && declare -F _complete_drover && complete -p drover";
        Process bash = new ProcessBuilder("bash", "-c", check).start();

        // Then
        assertThat(bash.waitFor()).isZero();
        assertThat(completion.output()).anyMatch(line -> line.contains("dead-letters"));
    }

    private DroverProcess command(String... words) throws Exception {
        return DroverProcess.command(folder, Map.of(), words);
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandLineTest::all));
    }
}
