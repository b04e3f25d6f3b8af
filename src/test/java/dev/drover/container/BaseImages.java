package dev.drover.container;

import dev.drover.testing.Java25;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stand-ins for the base images of the Dockerfile, made of files of this machine: no registry is asked. */
final class BaseImages {

    /** An image with Java 25, or else the one that runs this test, and the libraries it needs, and nothing else. */
    static final String JAVA = "base-java";

    /** An image whose Maven is a script that hands over what this build has made already, mounted at /made. */
    static final String HANDED_OVER = "base-handed-over";

    /** An image with the machine's own Maven, to be mounted, and its repository, off line. */
    static final String MAVEN = "base-maven";

    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final Pattern NOT_FOR_A_SERVER =
            Pattern.compile("src\\.zip|ct\\.sym|.*(awt|splashscreen|jsound|fontmanager|lcms|javajpeg|mlib|freetype).*");
    private static final Pattern LIBRARY = Pattern.compile("(?m)(?:=> |^\\s*)(/\\S+) \\(0x");

    private final Buildah buildah;
    private final Path folder;

    BaseImages(Buildah buildah, Path folder) {
        this.buildah = buildah;
        this.folder = folder;
    }

    void makeJava() throws IOException, InterruptedException {
        Path root = Files.createDirectory(folder.resolve(JAVA));
        Path java = Files.createDirectories(root.resolve("opt/java"));
        Path home = Java25.home().orElse(JAVA_HOME);
        for (String part : List.of("bin/java", "conf", "lib", "release")) {
            copy(home.resolve(part), java.resolve(part));
        }
        for (String library : librariesOf(java)) {
            copy(Path.of(library), root.resolve(library.substring(1)));
        }
        for (String empty : List.of("proc", "dev", "sys", "etc", "run")) {
            Files.createDirectory(root.resolve(empty));
        }
        Path tmp = Files.createDirectory(root.resolve("tmp"));
        Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
        buildah.image(JAVA, root, "--env", "PATH=/opt/java/bin");
    }

    void makeHandedOver() throws IOException, InterruptedException {
        Path root = emptyRoot(HANDED_OVER);
        Path script = Files.createDirectories(root.resolve("opt/bin")).resolve("mvn");
        Files.writeString(
                script,
                """
                #!/bin/sh -e
                mkdir -p target/lib
                cp /made/lib/* target/lib/
                cp /made/jar/sbom.json target/
                if [ -d src ]; then cp /made/jar/drover.jar target/; fi
                """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        buildah.image(HANDED_OVER, root, "--env", "PATH=/opt/bin:/usr/bin:/bin");
    }

    void makeMaven() throws IOException, InterruptedException {
        Path root = emptyRoot(MAVEN);
        Path settings = Files.createDirectories(root.resolve("root/.m2")).resolve("settings.xml");
        Files.writeString(settings, "<settings><offline>true</offline></settings>");
        buildah.image(
                MAVEN,
                root,
                "--env",
                "JAVA_HOME=" + JAVA_HOME,
                "--env",
                "PATH=" + mavenHome().resolve("bin") + ":/usr/bin:/bin");
    }

    /** The tools of this machine, for the build stages: {@code --volume} options. */
    static List<String> tools() throws IOException, InterruptedException {
        return Stream.of(Path.of("/usr"), Path.of("/etc"), mavenHome(), JAVA_HOME)
                .filter(path -> path.equals(Path.of("/usr")) || !path.startsWith("/usr"))
                .flatMap(path -> Stream.of("--volume", path + ":" + path + ":ro"))
                .toList();
    }

    /** The local repository of the Maven that runs this test, for the image {@link #MAVEN}. */
    static List<String> repository() {
        String repository = System.getProperty(
                "localRepository",
                Path.of(System.getProperty("user.home"), ".m2/repository").toString());
        return List.of("--volume", repository + ":/root/.m2/repository");
    }

    private static Path mavenHome() throws IOException, InterruptedException {
        String command = Commands.output(List.of("sh", "-c", "readlink -f \"$(command -v mvn)\""));
        return Path.of(command).getParent().getParent();
    }

    private Path emptyRoot(String name) throws IOException {
        Path root = Files.createDirectory(folder.resolve(name));
        for (String link : List.of("bin", "lib", "lib64")) {
            Files.createSymbolicLink(root.resolve(link), Path.of("usr", link));
        }
        for (String empty : List.of("usr", "etc", "proc", "dev", "sys", "run", "tmp")) {
            Files.createDirectory(root.resolve(empty));
        }
        return root;
    }

    private void copy(Path from, Path to) throws IOException, InterruptedException {
        if (Files.isDirectory(from)) {
            Files.createDirectories(to);
            List<Path> entries;
            try (Stream<Path> listed = Files.list(from)) {
                entries = listed.toList();
            }
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (Files.exists(entry) && !NOT_FOR_A_SERVER.matcher(name).matches()) {
                    copy(entry, to.resolve(name));
                }
            }
        } else {
            Files.createDirectories(to.getParent());
            Files.copy(from.toRealPath(), to);
        }
    }

    private static Iterable<String> librariesOf(Path java) throws IOException, InterruptedException {
        List<String> command;
        try (Stream<Path> files = Files.walk(java)) {
            command = Stream.concat(
                            Stream.of("ldd"),
                            files.map(Path::toString).filter(file -> file.endsWith(".so") || file.endsWith("bin/java")))
                    .toList();
        }
        return LIBRARY.matcher(Commands.output(command))
                .results()
                .map(found -> found.group(1))
                .filter(library -> !library.startsWith(java.toString()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
