package dev.orderflow.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A route file as YAML that knows its lines. */
public final class YamlTree {

    /**
     * A key and its value.
     *
     * @param parent the key above it; empty at the top
     * @param within the mapping that it stands in
     */
    public record Entry(String parent, String key, int line, Node value, MappingNode within) {

        /** The value where it is a word or a number; empty where it is more. */
        public String text() {
            return YamlTree.text(value);
        }

        int valueLine() {
            return YamlTree.line(value);
        }
    }

    private final String file;
    private final Node root;
    private final List<Entry> entries = new ArrayList<>();

    private YamlTree(String file, Node root) {
        this.file = file;
        this.root = root;
        collect("", root);
    }

    public static YamlTree of(RouteFile file) {
        try {
            var settings = LoadSettings.builder()
                    .setLabel(file.name())
                    .setUseMarks(true)
                    .build();
            Node root = new Compose(settings)
                    .composeString(file.yaml())
                    .orElseThrow(() -> new RouteFileRefused(
                            file.name(), 1, "the file is empty; it needs at least one '- route:'"));
            return new YamlTree(file.name(), root);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new RouteFileRefused(
                    file.name(),
                    line,
                    "this is no YAML: %s; indent by two spaces, a list item begins with '- '",
                    problem(e));
        } catch (YamlEngineException e) {
            throw new RouteFileRefused(file.name(), 1, "this is no YAML: %s", e.getMessage());
        }
    }

    private static String problem(MarkedYamlEngineException e) {
        return (e.getContext() == null || e.getContext().isEmpty() ? "" : e.getContext() + ", ") + e.getProblem();
    }

    private void collect(String parent, Node node) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> collect(parent, item));
        } else if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                String key = text(tuple.getKeyNode());
                entries.add(new Entry(parent, key, line(tuple.getKeyNode()), tuple.getValueNode(), map));
                collect(key, tuple.getValueNode());
            }
        }
    }

    String file() {
        return file;
    }

    Node root() {
        return root;
    }

    /** All keys with their values, from the top down. */
    List<Entry> entries() {
        return entries;
    }

    public List<Entry> all(String key) {
        return entries.stream().filter(entry -> entry.key().equals(key)).toList();
    }

    /** The value of a key, where it is a word. */
    static Optional<String> word(Node node, String key) {
        return find(node, key).map(entry -> text(entry.value())).filter(text -> !text.isEmpty());
    }

    static Optional<Entry> find(Node node, String key) {
        if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                if (text(tuple.getKeyNode()).equals(key)) {
                    return Optional.of(new Entry("", key, line(tuple.getKeyNode()), tuple.getValueNode(), map));
                }
            }
        }
        return Optional.empty();
    }

    static List<Entry> children(Node node) {
        List<Entry> children = new ArrayList<>();
        if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                children.add(
                        new Entry("", text(tuple.getKeyNode()), line(tuple.getKeyNode()), tuple.getValueNode(), map));
            }
        }
        return children;
    }

    static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    RouteFileRefused refuse(int line, String sentence, Object... details) {
        return new RouteFileRefused(file, line, sentence, details);
    }
}
