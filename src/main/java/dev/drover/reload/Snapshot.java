package dev.drover.reload;

import dev.drover.preflight.RoutesFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the files of a folder hold, each as a hash of its content: neither a time stamp that a mounted volume keeps nor a
 * link that is set to another folder can hide a change.
 *
 * @param hashes by the path of the file inside the folder
 */
record Snapshot(Map<String, String> hashes) {

    private static final Path KAMELETS = Path.of("kamelets");

    /**
     * Looks at the files that a process loads from its folder: routes, settings, kamelets.
     *
     * @throws IOException if one of them can not be read now
     */
    static Snapshot of(Path folder) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        add(hashes, folder, Path.of(""), Set.of(".camel.yaml", RoutesFolder.PROPERTIES));
        if (Files.isDirectory(folder.resolve(KAMELETS))) {
            add(hashes, folder, KAMELETS, Set.of(".kamelet.yaml"));
        }
        return new Snapshot(hashes);
    }

    private static void add(Map<String, String> hashes, Path folder, Path inside, Set<String> endings)
            throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve(inside))) {
            for (Path file : entries.toList()) {
                String name = file.getFileName().toString();
                if (endings.stream().anyMatch(name::endsWith) && Files.isRegularFile(file)) {
                    hashes.put(inside.resolve(name).toString(), hash(Files.readAllBytes(file)));
                }
            }
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files that are not the same in both, or only in one. */
    Set<String> differences(Snapshot other) {
        Set<String> names = new TreeSet<>(hashes.keySet());
        names.addAll(other.hashes.keySet());
        names.removeIf(name -> hashes.containsKey(name) && hashes.get(name).equals(other.hashes.get(name)));
        return names;
    }
}
