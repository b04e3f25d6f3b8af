package dev.drover.folder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.folder.Definition.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The definitions of a folder, including the built-in ones that complete it. Immutable. */
public final class Definitions {

    private static final DumpSettings AS_IT_IS =
            DumpSettings.builder().setSplitLines(false).build();

    private final List<Definition> all = new ArrayList<>();

    private Definitions() {}

    /** Reads the definitions of a folder. A file that cannot be read has none. */
    public static Definitions of(RoutesFolder folder) {
        Definitions definitions = new Definitions();
        BuiltIn.missing(folder).forEach((name, text) -> definitions.add(YamlFile.of(name, text)));
        folder.files().forEach(file -> definitions.add(YamlFile.of(file)));
        return definitions;
    }

    /** All definitions of a kind, by name. */
    public Map<String, Definition> of(Kind kind) {
        return all.stream()
                .filter(definition -> definition.kind() == kind)
                .collect(Collectors.toMap(Definition::name, found -> found, (one, two) -> two, LinkedHashMap::new));
    }

    /**
     * The YAML of some definitions, by the name of their file. It includes definitions that apply to the whole file.
     *
     * @param chosen chooses the routes, beans and route configurations
     */
    public Map<String, String> text(Predicate<Definition> chosen) {
        Map<String, List<Node>> byFile = new LinkedHashMap<>();
        all.stream().filter(chosen).forEach(definition -> byFile.computeIfAbsent(
                        definition.file(), file -> new ArrayList<>())
                .add(definition.node()));
        Map<String, String> text = new LinkedHashMap<>();
        byFile.forEach((file, nodes) -> {
            List<Node> whole = new ArrayList<>(ofItsFile(file));
            whole.addAll(nodes);
            Node sequence = new SequenceNode(Tag.SEQ, whole, FlowStyle.BLOCK);
            text.put(
                    file,
                    new Present(AS_IT_IS)
                            .emitToString(new Serialize(AS_IT_IS)
                                    .serializeOne(sequence)
                                    .iterator()));
        });
        return text;
    }

    private List<Node> ofItsFile(String file) {
        return all.stream()
                .filter(definition ->
                        definition.isOfItsFile() && definition.file().equals(file))
                .map(Definition::node)
                .toList();
    }

    private void add(YamlFile file) {
        List<Node> nodes = file.definitions();
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode content = file.content().path(i);
            if (content.has("beans") && nodes.get(i) instanceof MappingNode mapping) {
                addBeans(file, "/" + i + "/beans", content.path("beans"), mapping);
            } else {
                add(file, i, content, nodes.get(i));
            }
        }
    }

    private void add(YamlFile file, int place, JsonNode content, Node node) {
        String what = content.fieldNames().hasNext() ? content.fieldNames().next() : "";
        String id = content.path(what).path("id").asText();
        Kind kind =
                switch (id.isEmpty() ? "" : what) {
                    case "route" -> Kind.ROUTE;
                    case "routeConfiguration" -> Kind.CONFIGURATION;
                    default -> Kind.OTHER;
                };
        String name = kind == Kind.OTHER ? what + " " + place + " of " + file.name() : id;
        all.add(new Definition(kind, name, file.name(), file.line("/" + place), content, node));
    }

    private void addBeans(YamlFile file, String place, JsonNode beans, MappingNode section) {
        for (NodeTuple entry : section.getValue()) {
            if (entry.getValueNode() instanceof SequenceNode sequence) {
                for (int i = 0; i < sequence.getValue().size(); i++) {
                    JsonNode bean = beans.path(i);
                    all.add(new Definition(
                            Kind.BEAN,
                            bean.path("name").asText(),
                            file.name(),
                            file.line(place + "/" + i),
                            bean,
                            asSection(sequence.getValue().get(i))));
                }
            }
        }
    }

    private static Node asSection(Node bean) {
        Node key = new ScalarNode(Tag.STR, "beans", ScalarStyle.PLAIN);
        Node beans = new SequenceNode(Tag.SEQ, List.of(bean), FlowStyle.BLOCK);
        return new MappingNode(Tag.MAP, List.of(new NodeTuple(key, beans)), FlowStyle.BLOCK);
    }
}
