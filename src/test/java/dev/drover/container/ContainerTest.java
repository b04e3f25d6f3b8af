package dev.drover.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.container.Commands.Result;
import dev.drover.container.Commands.Running;
import dev.drover.process.CountingReceiver;
import dev.drover.process.OrdersServer;
import dev.drover.testing.Integration;
import dev.drover.testing.Java25;
import dev.drover.testing.ManagementPort;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds the Dockerfile, every stage of it, with buildah and runs the image as an orchestrator does. The base images are
 * made of this machine's files. In the ordinary build a script stands in for Maven and hands over the jar that is under
 * test; the full build runs Maven itself in the build stages.
 */
@Integration
class ContainerTest {

    private static final int USER = 10001;
    private static final int ORDERS = 6_000;
    private static final String IMAGE = "drover";
    private static final String CACHE = "drover.aot";
    private static final Path PROJECT = Path.of("").toAbsolutePath();

    /** What an orchestrator does for a container with a read-only root: java becomes process 1, with its user. */
    private static final String START_READ_ONLY =
            """
            set -e
            root=$1 data=$2; shift 2
            mount --make-rprivate /
            mount --bind "$root" "$root"
            mount --bind "$data" "$root/app/data"
            mount -t tmpfs tmpfs "$root/tmp"
            mount -t proc proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -o remount,bind,ro "$root"
            exec "$@"
            """;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Buildah buildah;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static String container;

    @BeforeAll
    static void buildImage() throws Exception {
        boolean present =
                Commands.run(List.of("sh", "-c", "command -v buildah")).exitCode() == 0;
        if (System.getenv("CI") == null) {
            assumeThat(present).as("buildah is installed").isTrue();
        }
        assertThat(present).as("buildah is installed").isTrue();
        buildah = new Buildah(shared.resolve("buildah"));
        BaseImages bases = new BaseImages(buildah, shared);
        bases.makeJava();
        bases.makeHandedOver();
        build(IMAGE, PROJECT, Path.of("target/drover.jar"));
        container = container(IMAGE);
    }

    @AfterAll
    static void removeImages() throws Exception {
        if (buildah != null) {
            buildah.remove();
        }
    }

    @Test
    void shouldStartJavaAsNumberedUserWhenItsConfigurationIsRead() throws Exception {
        // When
        JsonNode config = buildah.config(IMAGE);

        // Then
        assertThat(config.path("User").asText()).isEqualTo(USER + ":0");
        assertThat(config.path("WorkingDir").asText()).isEqualTo("/app");
        assertThat(config.path("Entrypoint")).first().asString().isEqualTo("\"java\"");
        assertThat(config.path("Cmd").toString()).isEqualTo("[\"run\"]");
        assertThat(config.path("Volumes").toString()).contains("\"/app/routes\"", "\"/app/data\"");
        assertThat(config.path("Labels").fieldNames()).toIterable().contains("org.opencontainers.image.version");
    }

    @Test
    void shouldHaveTheVersionsOfThePomWhenNoArgumentIsGiven() throws Exception {
        // Given
        String pom = Files.readString(Path.of("pom.xml"));

        // When
        String dockerfile = Files.readString(Path.of("Dockerfile"));

        // Then
        assertThat(all("ARG CAMEL_VERSION=(\\S+)", dockerfile))
                .isNotEmpty()
                .containsOnly(all("<camel.version>(.*?)<", pom).get(0));
        assertThat(all("ARG VERSION=(\\S+)", dockerfile))
                .containsExactly(all("<version>(.*?)<", pom).get(0));
    }

    @Test
    void shouldHoldOnlyTheProgramWhenItIsListed() throws Exception {
        // Given
        Path app = buildah.root(container).resolve("app");

        // When
        List<String> entries;
        try (Stream<Path> listed = Files.list(app)) {
            entries = listed.map(entry -> entry.getFileName().toString()).toList();
        }

        // Then
        assertThat(entries)
                .filteredOn(entry -> !entry.equals(CACHE))
                .containsExactlyInAnyOrder(
                        "LICENSE", "compiler.options", "data", "drover.jar", "lib", "routes", "sbom.json");
        assertThat(Files.getAttribute(app.resolve("data"), "unix:uid")).isEqualTo(USER);
        assertThat(Files.getAttribute(app.resolve("data"), "unix:gid")).isEqualTo(0);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(app.resolve("data"))))
                .isEqualTo("rwxrwxr-x");
    }

    @Test
    void shouldRunTheDemoWhenItsFoldersAreMounted() throws Exception {
        // Given
        Path data = dataFolder();
        Path routes = folder.resolve("routes");
        Commands.output(List.of("cp", "-r", "routes", routes.toString()));
        List<String> command = new ArrayList<>(List.of(
                "run", "--isolation=chroot", "--volume", data + ":/app/data", "--volume", routes + ":/app/routes:ro"));
        command.addAll(List.of(container, "--"));
        command.addAll(start("run", "--demo", "--drain"));

        // When
        Result demo = Commands.run(buildah.command(command));

        // Then
        assertThat(demo.exitCode()).as("%s", demo.errors()).isZero();
        assertThat(demo.output())
                .containsExactly(
                        "orders: 10,030 rows, 101 pages of 100, 201 batches (200 of 50, 1 of 30)",
                        "orders: 0 filtered out, 0 dead letters, checkpoint id=10030");
        assertThat(filesOfTheUser(data)).isNotEmpty();
        assertThat(filesOfTheUser(buildah.root(container)))
                .allMatch(file -> file.startsWith("app/data") || file.startsWith("tmp"));
    }

    @Test
    void shouldRepeatNothingWhenProcessOneIsToldToStopOnReadOnlyRoot() throws Exception {
        // Given
        Path data = dataFolder();
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(50));
                OrdersServer source = new OrdersServer(folder, ORDERS)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_ORDERS_BATCHSIZE", "70");
            Result stopped;
            String status;
            String mounts;
            try (Running running = startReadOnly(data, environment, "run")) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() ->
                                receiver.records() > 0 || !running.process().isAlive());
                ProcessHandle java = running.process().children().findFirst().orElseThrow();
                status = Files.readString(Path.of("/proc/" + java.pid() + "/status"));
                mounts = Files.readString(Path.of("/proc/" + java.pid() + "/mountinfo"));

                // When
                java.destroy();
                stopped = running.await();
            }
            int deliveredAtTheStop = receiver.distinct();
            Result drained;
            try (Running running = startReadOnly(data, environment, "run", "--drain")) {
                drained = running.await();
            }

            // Then
            assertThat(status).containsPattern("NSpid:\\s+\\d+\\s+1\n").containsPattern("Uid:\\s+10001\\s+10001\\s");
            assertThat(status).containsPattern("CapPrm:\\s+0+\n").containsPattern("CapEff:\\s+0+\n");
            assertThat(status).containsPattern("NoNewPrivs:\\s+1\n");
            assertThat(mounts).containsPattern(" / ro[, ]");
            assertThat(stopped.exitCode()).as("%s", stopped.errors()).isEqualTo(143);
            assertThat(deliveredAtTheStop).isBetween(1, ORDERS);
            assertThat(drained.exitCode()).as("%s", drained.errors()).isZero();
            assertThat(receiver.distinct()).isEqualTo(ORDERS);
            assertThat(receiver.duplicates()).isZero();
        }
    }

    @Test
    void shouldTellWhetherProcessOneAnswersWhenItsHealthIsAsked() throws Exception {
        // Given
        Path data = dataFolder();
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO);
                OrdersServer source = new OrdersServer(folder, 100)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_MANAGEMENT_PORT", Integer.toString(new ManagementPort().number()));
            try (Running running = startReadOnly(data, environment, "run")) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() ->
                                receiver.distinct() == 100 || !running.process().isAlive());
                ProcessHandle java = running.process().children().findFirst().orElseThrow();

                // When
                Result working = Commands.run(healthCheck(java, environment));
                Commands.output(List.of("kill", "-STOP", Long.toString(java.pid())));
                Result hanging = Commands.run(healthCheck(java, environment));

                // Then
                assertThat(working.output()).singleElement().asString().startsWith("alive: ");
                assertThat(working.errors()).isEmpty();
                assertThat(working.exitCode()).isZero();
                assertThat(hanging.output()).singleElement().asString().startsWith("not alive: ");
                assertThat(hanging.exitCode()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldNotBeCalledIllWhenProcessOneOpensNoPort() throws Exception {
        // Given
        Path data = dataFolder();
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(200));
                OrdersServer source = new OrdersServer(folder, ORDERS)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_ORDERS_BATCHSIZE", "10");
            try (Running running =
                    startReadOnly(data, environment, "backfill", "orders", "--from", "0", "--to", "" + ORDERS)) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() ->
                                receiver.records() > 0 || !running.process().isAlive());
                ProcessHandle java = running.process().children().findFirst().orElseThrow();

                // When
                Result check = Commands.run(healthCheck(java, environment));

                // Then
                assertThat(check.output()).containsExactly("not watched: drover backfill opens no management port");
                assertThat(check.exitCode()).isZero();
            }
        }
    }

    @Test
    @Tag("full")
    void shouldShipTheCodeAndTheCacheWhenTheCodeChanges() throws Exception {
        // Given
        Path changed = copyOfProject();
        Files.writeString(
                changed.resolve("src/main/java/dev/drover/cli/Main.java"), "// changed", StandardOpenOption.APPEND);
        Path jar = folder.resolve("drover.jar");
        Files.copy(Path.of("target/drover.jar"), jar);
        try (FileSystem entries = FileSystems.newFileSystem(jar)) {
            Files.writeString(entries.getPath("dev/drover/changed"), "changed");
        }

        // When
        build("changed", changed, jar);
        Map<String, Long> before = buildah.layers(IMAGE);
        Map<String, Long> after = buildah.layers("changed");

        // Then
        assertThat(after).hasSameSizeAs(before);
        assertThat(Files.size(jar)).isLessThan(1_750_000);
        List<Long> sizes = new ArrayList<>(after.values());
        long cache = sizes.remove(sizes.size() - 1);
        after.keySet().removeAll(before.keySet());
        after.values().remove(cache);
        assertThat(after.values()).singleElement().satisfies(size -> assertThat(size)
                .isLessThan(1_750_000L));
        assertThat(cache).isLessThan(120_000_000L);
    }

    @Test
    void shouldTakeItsClassesFromTheCacheWhenItStarts() throws Exception {
        // Given
        assumeThat(Java25.home()).as("Java 25").isPresent();
        List<String> command = new ArrayList<>(List.of("run", "--isolation=chroot", container, "--"));
        command.addAll(start("--version"));
        command.add(command.indexOf("-jar"), "-Xlog:class+load:stdout");

        // When
        Result version = Commands.run(buildah.command(command));

        // Then
        assertThat(version.exitCode()).as("%s", version.errors()).isZero();
        assertThat(version.errors()).isEmpty();
        assertThat(version.output())
                .anyMatch(line -> line.contains(" dev.drover.cli.Main ") && line.endsWith("shared objects file"));
    }

    @Test
    void shouldStartWithoutTheCacheWhenItDoesNotFit() throws Exception {
        // Given
        String other = container(IMAGE);
        Files.writeString(buildah.root(other).resolve("app").resolve(CACHE), "not a cache");
        List<String> command = new ArrayList<>(List.of("run", "--isolation=chroot", other, "--"));
        command.addAll(start("--version"));

        // When
        Result version = Commands.run(buildah.command(command));

        // Then
        assertThat(version.exitCode()).as("%s", version.errors()).isZero();
        assertThat(version.output()).containsExactly("drover 0.1.0");
    }

    /** Maven runs in both build stages, off line, with nothing but what .dockerignore lets through. */
    @Test
    @Tag("full")
    void shouldRunTheDemoWhenMavenBuildsTheImage() throws Exception {
        // Given
        new BaseImages(buildah, shared).makeMaven();
        List<String> arguments = new ArrayList<>(arguments("by-maven", BaseImages.MAVEN));
        arguments.addAll(BaseImages.repository());
        arguments.add(copyOfProject().toString());
        Path data = dataFolder();

        // When
        buildah.run(arguments.toArray(String[]::new));
        Result demo;
        try (Running running = startReadOnly(container("by-maven"), data, Map.of(), "run", "--demo", "--drain")) {
            demo = running.await();
        }

        // Then
        assertThat(demo.exitCode()).as("%s", demo.errors()).isZero();
        assertThat(demo.output()).last().isEqualTo("orders: 0 filtered out, 0 dead letters, checkpoint id=10030");
    }

    private static void build(String image, Path project, Path jar) throws IOException, InterruptedException {
        Path made = Files.createTempDirectory(shared, "made");
        Files.copy(jar, made.resolve("drover.jar"));
        Files.copy(PROJECT.resolve("target/sbom.json"), made.resolve("sbom.json"));
        List<String> arguments = new ArrayList<>(arguments(image, BaseImages.HANDED_OVER));
        arguments.addAll(List.of("--volume", PROJECT.resolve("target/lib") + ":/made/lib:ro"));
        arguments.addAll(List.of("--volume", made + ":/made/jar:ro"));
        arguments.add(project.toString());
        buildah.run(arguments.toArray(String[]::new));
    }

    private static List<String> arguments(String image, String buildImage) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "build",
                "--isolation=chroot",
                "--layers",
                "--pull-never",
                "--format=docker",
                "--build-arg=BUILD_IMAGE=localhost/" + buildImage,
                "--build-arg=RUN_IMAGE=localhost/" + BaseImages.JAVA,
                "--tag=" + image));
        arguments.addAll(BaseImages.tools());
        return arguments;
    }

    /** A container whose declared volumes are taken back: buildah would let them hide the folders it is told to mount. */
    private static String container(String image) throws IOException, InterruptedException {
        String name = buildah.container(image);
        buildah.run("config", "--volume", "/app/data-", "--volume", "/app/routes-", name);
        return name;
    }

    private Running startReadOnly(Path data, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        return startReadOnly(container, data, environment, options);
    }

    private Running startReadOnly(String name, Path data, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        JsonNode config = buildah.config(IMAGE);
        Path root = buildah.root(name);
        List<String> command = new ArrayList<>(
                List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", START_READ_ONLY, "sh"));
        command.addAll(List.of(root.toString(), data.toString()));
        command.addAll(inEnvironment(config, environment));
        List<String> ids = ids(config);
        // the three are for unshare itself; they are gone with the user, and what java starts can get none back
        command.addAll(List.of("/usr/bin/setpriv", "--no-new-privs", "--inh-caps=-all"));
        command.add("--bounding-set=-all,+sys_chroot,+setuid,+setgid");
        command.addAll(List.of(
                "/usr/bin/unshare",
                "--root=" + root,
                "--wd=" + config.path("WorkingDir").asText()));
        command.addAll(List.of("--setuid=" + ids.get(0), "--setgid=" + ids.get(1)));
        command.addAll(start(options));
        return Commands.start(command);
    }

    /** What an engine does for the health check: its command beside process 1, with the same user, variables and root. */
    private static List<String> healthCheck(ProcessHandle java, Map<String, String> environment)
            throws IOException, InterruptedException {
        JsonNode config = buildah.config(IMAGE);
        List<String> command = inEnvironment(config, environment);
        command.addAll(List.of("/usr/bin/nsenter", "--target=" + java.pid(), "--mount", "--pid", "--root", "--wd"));
        List<String> ids = ids(config);
        command.addAll(List.of("--setuid=" + ids.get(0), "--setgid=" + ids.get(1)));
        List<String> test = buildah.healthCheck(IMAGE);
        assertThat(test).first().as("no shell").isEqualTo("CMD");
        command.addAll(test.subList(1, test.size()));
        return command;
    }

    private static List<String> inEnvironment(JsonNode config, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i"));
        config.path("Env").forEach(variable -> command.add(variable.asText()));
        environment.forEach((variable, value) -> command.add(variable + "=" + value));
        return command;
    }

    private static List<String> ids(JsonNode config) {
        return List.of(config.path("User").asText().split(":", -1));
    }

    private static List<String> start(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        buildah.config(IMAGE).path("Entrypoint").forEach(part -> command.add(part.asText()));
        command.addAll(List.of(options));
        return command;
    }

    /** An empty folder that the user of the container may write, as an orchestrator makes one. */
    private Path dataFolder() throws IOException, InterruptedException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Commands.output(List.of("chown", USER + ":0", data.toString()));
        return data;
    }

    private Path copyOfProject() throws IOException, InterruptedException {
        Path copy = Files.createDirectory(folder.resolve("project"));
        Commands.output(List.of(
                "cp",
                "-a",
                "--parents",
                ".dockerignore",
                "Dockerfile",
                "LICENSE",
                "pom.xml",
                "routes",
                "src/main",
                copy.toString()));
        return copy;
    }

    private static List<String> filesOfTheUser(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> owned = new ArrayList<>();
            for (Path file : files.filter(file -> !file.equals(root))
                    .sorted(Comparator.naturalOrder())
                    .toList()) {
                if (Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(USER)) {
                    owned.add(root.relativize(file).toString());
                }
            }
            return owned;
        }
    }

    private static List<String> all(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.results().map(found -> found.group(1)).toList();
    }
}
