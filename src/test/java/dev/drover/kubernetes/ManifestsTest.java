package dev.drover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.drover.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTest {

    private static final String POD = "/spec/template/spec";

    @TempDir
    Path folder;

    static List<Manifest> manifests() throws IOException {
        return Manifest.all();
    }

    static List<Manifest> workloads() throws IOException {
        return Manifest.all().stream()
                .filter(manifest -> manifest.content().at(POD).isObject())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void shouldBeWhatTheSchemaOfItsKindAllows(Manifest manifest) throws Exception {
        assertThat(manifest.objection()).isNull();
    }

    @Test
    void shouldListEachFileThatRunsForEverWhenItIsApplied() throws Exception {
        // Given
        List<String> listed = new ArrayList<>();
        Manifest.of("kustomization.yaml").at("/resources").forEach(name -> listed.add(name.asText()));

        // Then
        assertThat(Manifest.all().stream().map(Manifest::toString).filter(name -> !name.contains("/")))
                .containsExactlyInAnyOrderElementsOf(listed);
        assertThat(Manifest.of("deployment.yaml").at("/spec/strategy/type").asText())
                .isEqualTo("Recreate");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void shouldHaveTimeToSettleWhatIsInFlightWhenItIsStopped(Manifest workload) throws Exception {
        // Given
        int shutdown = Integer.parseInt(settings().getProperty("camel.main.shutdownTimeout"));

        // Then
        assertThat(workload.at(POD + "/terminationGracePeriodSeconds").asInt()).isGreaterThan(shutdown + 10);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void shouldNeedNoPrivilege(Manifest workload) {
        // Given
        JsonNode container = workload.at(POD + "/containers/0");

        // Then
        assertThat(workload.at(POD + "/automountServiceAccountToken").asText()).isEqualTo("false");
        assertThat(workload.at(POD + "/securityContext/runAsNonRoot").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asText())
                .isEqualTo("false");
        assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                .isEqualTo("ALL");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void shouldMountWhatTheImageWrites(Manifest workload) throws Exception {
        // Given
        List<String> mounted = new ArrayList<>();
        workload.at(POD + "/containers/0/volumeMounts")
                .forEach(mount -> mounted.add(mount.get("mountPath").asText()));

        // Then
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("VOLUME [\"/app/routes\", \"/app/data\"]");
        assertThat(mounted).containsExactlyInAnyOrder("/app/routes", "/app/data", "/tmp");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void shouldBeUnderstoodWhenItsCommandIsStarted(Manifest workload) {
        // Given
        List<String> words = new ArrayList<>();
        workload.at(POD + "/containers/0/args").forEach(word -> words.add(word.asText()));

        // Then
        assertThat(Main.commandLine().parseArgs(words.toArray(new String[0])).hasSubcommand())
                .isTrue();
    }

    @Test
    void shouldSetOnlyWhatIsASettingAndNoSecretOutsideTheSecret() throws Exception {
        // Given
        List<String> known = settings().stringPropertyNames().stream()
                .map(key -> key.toUpperCase(Locale.ROOT).replace('.', '_'))
                .toList();

        // When
        List<String> plain = names(Manifest.of("settings.yaml").at("/data"));
        plain.addAll(names(Manifest.of("kafka/settings.yaml").at("/data")));
        List<String> secret = names(Manifest.of("secret.yaml").at("/stringData"));

        // Then
        assertThat(known).containsAll(plain).containsAll(secret);
        assertThat(plain).noneMatch(name -> name.matches(".*(PASSWORD|TOKEN|SECRET).*"));
        assertThat(Manifest.of("secret.yaml").at("/stringData"))
                .allMatch(value -> value.asText().equals("change-me"));
    }

    @Test
    void shouldLintWhenItsRoutesAndSettingsAreTaken() throws Exception {
        // Given
        write(List.of(Manifest.of("routes.yaml")), List.of(Manifest.of("settings.yaml")));

        // Then
        assertThat(lint()).isZero();
    }

    @Test
    void shouldLintWhenTheHalvesOfKafkaAreInTheirPlace() throws Exception {
        // Given
        write(
                List.of(Manifest.of("routes.yaml"), Manifest.of("kafka/routes.yaml")),
                List.of(Manifest.of("settings.yaml"), Manifest.of("kafka/settings.yaml")));

        // Then
        assertThat(lint()).isZero();
    }

    /** {@code -Ddrover.site.write=true} writes the file anew. */
    @Test
    void shouldHoldTheExamplesWhenKafkaIsInBetween() throws Exception {
        // Given
        Path file = Manifest.FOLDER.resolve("kafka/routes.yaml");
        String head = Files.readString(file).replaceFirst("(?s)(?<=\\ndata:\\n).*", "");

        // When
        String made = head + entry("orders", "kafka-reader") + entry("forward", "kafka-forwarder");
        if (Boolean.getBoolean("drover.site.write")) {
            Files.writeString(file, made);
        }

        // Then
        assertThat(Files.readString(file)).isEqualTo(made);
    }

    private static String entry(String name, String example) throws IOException {
        String text = Files.readString(Path.of("routes/examples", example + ".camel.yaml"));
        return "  " + name + ".camel.yaml: |\n" + text.replaceAll("(?m)^(?=.)", "    ");
    }

    @Test
    void shouldUseEachFileOfTheComponentWhenKafkaIsInBetween() throws Exception {
        // Given
        String name = "kafka";
        List<String> used = new ArrayList<>();
        Manifest component = Manifest.of(name + "/kustomization.yaml");

        // When
        component.at("/resources").forEach(file -> used.add(name + "/" + file.asText()));
        component.at("/patches").findValues("path").forEach(file -> used.add(name + "/" + file.asText()));

        // Then
        assertThat(Manifest.all().stream().map(Manifest::toString).filter(file -> file.startsWith(name + "/")))
                .containsExactlyInAnyOrderElementsOf(used);
        assertThat(component.at("/kind").asText()).isEqualTo("Component");
    }

    @Test
    void shouldForwardAsItReadsButForTheRoleWhenKafkaIsInBetween() throws Exception {
        // Given
        Manifest reader = Manifest.of("deployment.yaml");
        Manifest forwarder = Manifest.of("kafka/forwarder.yaml");
        String container = POD + "/containers/0";

        // When
        JsonNode role = ((ObjectNode) forwarder.at(container)).remove("env");
        JsonNode patch = new ObjectMapper(new YAMLFactory())
                .readTree(Manifest.of("kafka/kustomization.yaml")
                        .at("/patches/2/patch")
                        .asText());

        // Then
        assertThat(forwarder.at(POD)).isEqualTo(reader.at(POD));
        assertThat(role.at("/0/name").asText()).isEqualTo("DROVER_ROLE");
        assertThat(role.at("/0/value").asText()).isEqualTo("forwarder");
        assertThat(patch.at("/0/path").asText()).isEqualTo(container + "/env");
        assertThat(patch.at("/0/value/0/value").asText()).isEqualTo("reader");
        assertThat(reader.at("/spec/replicas").asInt()).isOne();
        assertThat(forwarder.at("/spec/strategy/type").asText()).isEqualTo("RollingUpdate");
        assertThat(forwarder.at("/spec/selector")).isNotEqualTo(reader.at("/spec/selector"));
    }

    private void write(List<Manifest> routes, List<Manifest> settings) throws IOException {
        for (Manifest manifest : routes) {
            for (Map.Entry<String, JsonNode> file : manifest.at("/data").properties()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue().asText());
            }
        }
        StringBuilder properties = new StringBuilder("drover.management.token = 7f9c2ba4e88f827d616045507605853e\n");
        for (Manifest manifest : settings) {
            manifest.at("/data").properties().forEach(setting -> properties
                    .append(key(setting.getKey()))
                    .append(" = ")
                    .append(setting.getValue().asText())
                    .append('\n'));
        }
        Files.writeString(folder.resolve("application.properties"), properties);
    }

    private int lint() {
        return Main.commandLine().execute("lint", "--routes", folder.toString());
    }

    private static String key(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(ArrayList::new));
    }

    /** Those that are commented out, since they have no default, too. */
    private static Properties settings() throws IOException {
        String text = Files.readString(Path.of("routes/application.properties")).replaceAll("(?m)^#(drover\\.)", "$1");
        Properties settings = new Properties();
        settings.load(new java.io.StringReader(text));
        return settings;
    }
}
