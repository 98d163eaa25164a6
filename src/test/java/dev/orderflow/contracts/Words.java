package dev.orderflow.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Texts that a pattern of the contracts takes, at random, with the shortest and the longest among them. It knows what the
 * patterns have: classes, groups, and how often; anything else is an error of the test.
 */
final class Words {

    /** Where a pattern sets no end. */
    private static final int MANY = 20;

    private static final int FIRST_VISIBLE = 0x21;
    private static final int LAST_VISIBLE = 0x7E;

    private final String pattern;
    private final Random random;
    private int at;

    private Words(String pattern, Random random) {
        this.pattern = pattern;
        this.random = random;
    }

    static String of(String pattern, Random random) {
        var words = new Words(pattern.replaceAll("^\\^|\\$$", ""), random);
        String word = words.sequence().get();
        if (words.at < words.pattern.length() || !word.matches(pattern)) {
            throw new IllegalStateException("'%s' was made for the pattern '%s'.".formatted(word, pattern));
        }
        return word;
    }

    private Supplier<String> sequence() {
        List<Supplier<String>> parts = new ArrayList<>();
        while (at < pattern.length() && pattern.charAt(at) != ')') {
            parts.add(repeated(one()));
        }
        return () -> {
            var all = new StringBuilder();
            parts.forEach(part -> all.append(part.get()));
            return all.toString();
        };
    }

    private Supplier<String> one() {
        char c = pattern.charAt(at++);
        if (c == '(') {
            Supplier<String> group = sequence();
            at++;
            return group;
        }
        if (c == '[') {
            String characters = characters();
            return () -> String.valueOf(characters.charAt(random.nextInt(characters.length())));
        }
        if (c == '.') {
            return () -> String.valueOf((char) (FIRST_VISIBLE + random.nextInt(LAST_VISIBLE - FIRST_VISIBLE + 1)));
        }
        String only = String.valueOf(c == '\\' ? pattern.charAt(at++) : c);
        return () -> only;
    }

    private String characters() {
        boolean not = pattern.charAt(at) == '^';
        if (not) {
            at++;
        }
        var named = new StringBuilder();
        while (pattern.charAt(at) != ']') {
            char from = character();
            char to = from;
            if (pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']') {
                at++;
                to = character();
            }
            for (char c = from; c <= to; c++) {
                named.append(c);
            }
        }
        at++;
        if (!not) {
            return named.toString();
        }
        var others = new StringBuilder();
        for (char c = FIRST_VISIBLE; c <= LAST_VISIBLE; c++) {
            if (named.indexOf(String.valueOf(c)) < 0) {
                others.append(c);
            }
        }
        return others.toString();
    }

    private char character() {
        char c = pattern.charAt(at++);
        if (c != '\\') {
            return c;
        }
        char escaped = pattern.charAt(at++);
        if (escaped == 'x') {
            at += 2;
            return (char) Integer.parseInt(pattern.substring(at - 2, at), 16);
        }
        return escaped == 's' ? ' ' : escaped;
    }

    private Supplier<String> repeated(Supplier<String> one) {
        int min = 1;
        int max = 1;
        char how = at < pattern.length() ? pattern.charAt(at) : ' ';
        if (how == '?' || how == '*' || how == '+') {
            at++;
            min = how == '+' ? 1 : 0;
            max = how == '?' ? 1 : MANY;
        } else if (how == '{') {
            int end = pattern.indexOf('}', at);
            String[] bounds = pattern.substring(at + 1, end).split(",", -1);
            min = Integer.parseInt(bounds[0]);
            max = bounds.length == 1 ? min : bounds[1].isEmpty() ? min + MANY : Integer.parseInt(bounds[1]);
            at = end + 1;
        }
        int from = min;
        int to = max;
        return () -> one(one, Schemas.between(from, to, random));
    }

    private static String one(Supplier<String> one, int times) {
        var all = new StringBuilder();
        for (int i = 0; i < times; i++) {
            all.append(one.get());
        }
        return all.toString();
    }
}
