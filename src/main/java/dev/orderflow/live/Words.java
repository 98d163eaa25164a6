package dev.orderflow.live;

import dev.orderflow.NearMiss;
import java.util.Collection;
import java.util.stream.Collectors;

/** Parts of a refusal's sentence. */
final class Words {

    private Words() {}

    /** What the word was probably meant to be, in brackets; empty when nobody can tell. */
    static String near(String word, Collection<String> known) {
        return NearMiss.of(word, known)
                .map(near -> " (did you mean '" + near + "'?)")
                .orElse("");
    }

    static String list(Collection<String> words, int max) {
        String list = words.stream().sorted().limit(max).collect(Collectors.joining(", "));
        return words.size() > max ? list + " and " + (words.size() - max) + " more" : list;
    }

    /** The first line of the deepest cause; with its kind where it is one word. */
    static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String name = root.getClass().getSimpleName();
        String message = root.getMessage() == null ? "" : root.getMessage();
        String line = message.lines().findFirst().orElse("").strip();
        if (line.isEmpty()) {
            return name;
        }
        return line.contains(" ") ? line : name + ": " + line;
    }
}
