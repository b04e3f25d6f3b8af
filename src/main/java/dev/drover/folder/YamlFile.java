package dev.drover.folder;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.route.Finding;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.util.function.ThrowingSupplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A route file: its content, in which every scalar is text, and the line of each node. */
public final class YamlFile {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Optional<Node> root;
    private final JsonNode content;

    private YamlFile(String name, ThrowingSupplier<String, IOException> text) {
        this.name = name;
        this.root = read(text);
        this.content = root.map(node -> json(node, "")).orElse(JSON.missingNode());
    }

    /** Reads a file. If it cannot be read or is not valid YAML, it has findings and no content. */
    public static YamlFile of(Path file) {
        return new YamlFile(file.toString(), () -> Files.readString(file));
    }

    /** Reads a text that is not in a file of the user. */
    public static YamlFile of(String name, String text) {
        return new YamlFile(name, () -> text);
    }

    String name() {
        return name;
    }

    /** The definitions; missing if they cannot be read. */
    public JsonNode content() {
        return content;
    }

    /** The YAML nodes of its definitions; empty if they cannot be read or are not a list. */
    List<Node> definitions() {
        return root.filter(SequenceNode.class::isInstance)
                .map(node -> ((SequenceNode) node).getValue())
                .orElse(List.of());
    }

    /** The mistakes in the YAML syntax. */
    public List<Finding> findings() {
        return findings;
    }

    /** The line of a node, counted from 1. For a missing node it is the line of its nearest parent. */
    int line(String pointer) {
        Integer line = lines.get(pointer);
        int parent = pointer.lastIndexOf('/');
        if (line == null) {
            return parent < 0 ? 1 : line(pointer.substring(0, parent));
        }
        return line;
    }

    /** The line of a key of the step at this line, or of its parameters; the line of the step if it has no such key. */
    int line(int step, String key) {
        return lines.entrySet().stream()
                .filter(entry -> entry.getValue() == step)
                .map(Map.Entry::getKey)
                .flatMap(place -> Stream.of(place, place.replaceFirst("/[^/]*$", "")))
                .flatMap(place -> Stream.of(place + "/" + key, place + "/parameters/" + key))
                .map(lines::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(step);
    }

    public Finding finding(String pointer, String key, String message) {
        return new Finding(name, line(pointer), key, message);
    }

    private Optional<Node> read(ThrowingSupplier<String, IOException> text) {
        try {
            return new Compose(LoadSettings.builder().setLabel(name).build()).composeString(text.get());
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
            findings.add(new Finding(name, line, "yaml", "not valid YAML: " + firstLine(e.getProblem())));
        } catch (YamlEngineException e) {
            findings.add(new Finding(name, 0, "yaml", "not valid YAML: " + firstLine(String.valueOf(e.getMessage()))));
        } catch (IOException e) {
            String why = e instanceof CharacterCodingException ? "it is not UTF-8" : "is it readable?";
            findings.add(new Finding(name, 0, "file", "cannot be read: " + why));
        }
        return Optional.empty();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    private JsonNode json(Node node, String pointer) {
        lines.putIfAbsent(pointer, lineOf(node));
        if (node instanceof MappingNode mapping) {
            return object(mapping, pointer);
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JSON.arrayNode();
            for (Node item : sequence.getValue()) {
                array.add(json(item, pointer + "/" + array.size()));
            }
            return array;
        }
        return node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)
                ? JSON.textNode(scalar.getValue())
                : JSON.nullNode();
    }

    private ObjectNode object(MappingNode mapping, String pointer) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            String place = pointer + JsonPointer.empty().appendProperty(key);
            if (object.has(key)) {
                findings.add(new Finding(
                        name,
                        lineOf(entry.getKeyNode()),
                        key,
                        "is given twice, the first time in line " + line(place)));
            }
            lines.put(place, lineOf(entry.getKeyNode()));
            object.set(key, json(entry.getValueNode(), place));
        }
        return object;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    /** Moves a finding from the line of its step, which is all that Camel knows, to the line of its key. */
    public static Finding atItsKey(RoutesFolder folder, Finding finding) {
        return folder.files().stream()
                .filter(file -> file.toString().equals(finding.file()))
                .map(file -> YamlFile.of(file).line(finding.line(), finding.key()))
                .map(line -> new Finding(finding.file(), line, finding.key(), finding.message()))
                .findFirst()
                .orElse(finding);
    }
}
