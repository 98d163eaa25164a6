package dev.orderflow.check;

import java.util.Optional;

/** Finds the line that a sentence of Camel or of the house rules is about. */
final class SentenceLine {

    private SentenceLine() {}

    /** The first key of the route that the sentence names; else the route; else the top. */
    static int of(YamlTree tree, String routeId, String sentence) {
        Optional<YamlTree.Entry> route = tree.all("route").stream()
                .filter(entry -> YamlTree.word(entry.value(), "id").orElse("").equals(routeId))
                .findFirst();
        int from = route.map(YamlTree.Entry::line).orElse(1);
        int to = route.map(entry -> entry.value()
                        .getEndMark()
                        .map(mark -> mark.getLine() + 1)
                        .orElse(Integer.MAX_VALUE))
                .orElse(Integer.MAX_VALUE);
        return tree.entries().stream()
                .filter(entry -> entry.line() >= from && entry.line() <= to)
                .filter(entry -> !entry.key().equals("route") && !entry.key().equals("id"))
                .filter(entry -> names(sentence, entry))
                .findFirst()
                .map(YamlTree.Entry::line)
                .orElse(from);
    }

    private static boolean names(String sentence, YamlTree.Entry entry) {
        return (" " + sentence + " ")
                .matches("(?s).*[^A-Za-z]" + java.util.regex.Pattern.quote(entry.key()) + "[^A-Za-z].*");
    }
}
