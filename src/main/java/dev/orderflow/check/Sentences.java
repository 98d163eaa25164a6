package dev.orderflow.check;

import dev.orderflow.settings.NearMiss;
import java.util.Collection;
import java.util.stream.Collectors;

/** Parts of a refusal's sentence. */
final class Sentences {

    private Sentences() {}

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
}
