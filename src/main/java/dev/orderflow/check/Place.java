package dev.orderflow.check;

import java.util.Optional;

/** Finds the line that a sentence of Camel or of the house rules is about. */
final class Place {

    private Place() {}

    /** The first key of the route that the sentence names; else the route; else the top. */
    static int of(Tree tree, String routeId, String sentence) {
        Optional<Tree.Entry> route = tree.all("route").stream()
                .filter(entry -> Tree.word(entry.value(), "id").orElse("").equals(routeId))
                .findFirst();
        int from = route.map(Tree.Entry::line).orElse(1);
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
                .map(Tree.Entry::line)
                .orElse(from);
    }

    private static boolean names(String sentence, Tree.Entry entry) {
        return (" " + sentence + " ")
                .matches("(?s).*[^A-Za-z]" + java.util.regex.Pattern.quote(entry.key()) + "[^A-Za-z].*");
    }
}
