package dev.orderflow.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What a mistyped word was probably meant to be. */
public final class NearMiss {

    private static final int EDITS_MAX = 2;
    private static final int BEGINNING_MIN = 4;

    private NearMiss() {}

    /** The known word that the fewest edits turn {@code word} into, if two are enough, or that it begins. */
    public static Optional<String> of(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> edits(word, candidate) <= EDITS_MAX || begins(word, candidate))
                .min(Comparator.comparingInt(candidate -> edits(word, candidate)));
    }

    private static boolean begins(String word, String candidate) {
        return word.length() >= BEGINNING_MIN && candidate.startsWith(word);
    }

    /** Levenshtein's distance, row by row. */
    private static int edits(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
