package dev.drover.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** buildah with images and containers of its own in one folder, until they are removed. */
final class Buildah {

    private final Path folder;

    Buildah(Path folder) {
        this.folder = folder;
    }

    /** Runs a buildah command that must succeed, and gives what it printed. */
    String run(String... arguments) throws IOException, InterruptedException {
        return Commands.output(command(List.of(arguments))).strip();
    }

    /** The command line of a buildah command. */
    List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "buildah",
                "--root",
                folder.resolve("storage").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "--storage-driver",
                "vfs"));
        command.addAll(arguments);
        return command;
    }

    /** The configuration of an image: user, entry point, labels. */
    JsonNode config(String image) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(run("inspect", "--type", "image", image))
                .path("OCIv1")
                .path("config");
    }

    /** The command of its health check; empty when it has none, as in the OCI format, which has no place for one. */
    List<String> healthCheck(String image) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        new ObjectMapper()
                .readTree(run("inspect", "--type", "image", image))
                .at("/Docker/config/Healthcheck/Test")
                .forEach(word -> command.add(word.asText()));
        return command;
    }

    /** The sizes in bytes of the layers of an image, not compressed, by their digests, from the lowest to the highest. */
    Map<String, Long> layers(String image) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        Map<String, Long> stored = new HashMap<>();
        for (JsonNode layer :
                json.readTree(folder.resolve("storage/vfs-layers/layers.json").toFile())) {
            stored.put(
                    layer.path("diff-digest").asText(), layer.path("diff-size").asLong());
        }
        Map<String, Long> layers = new LinkedHashMap<>();
        for (JsonNode digest : json.readTree(run("inspect", "--type", "image", image))
                .path("OCIv1")
                .path("rootfs")
                .path("diff_ids")) {
            layers.put(digest.asText(), stored.get(digest.asText()));
        }
        return layers;
    }

    /** A new container of an image: its name. */
    String container(String image) throws IOException, InterruptedException {
        return run("from", "--pull-never", image);
    }

    /** The root file system of a container. */
    Path root(String container) throws IOException, InterruptedException {
        return Path.of(run("mount", container));
    }

    /** Makes an image of what is in a folder. */
    void image(String name, Path content, String... config) throws IOException, InterruptedException {
        String container = run("from", "scratch");
        Commands.output(List.of("cp", "-a", content + "/.", root(container).toString()));
        List<String> arguments = new ArrayList<>(List.of("config"));
        arguments.addAll(List.of(config));
        arguments.add(container);
        run(arguments.toArray(String[]::new));
        run("commit", "--quiet", "--rm", container, name);
    }

    /** Removes everything. */
    void remove() throws IOException, InterruptedException {
        if (Files.isDirectory(folder.resolve("storage"))) {
            run("rm", "--all");
        }
        Commands.output(List.of("rm", "-rf", folder.toString()));
    }
}
