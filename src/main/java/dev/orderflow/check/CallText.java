package dev.orderflow.check;

/** Reads the text of a call, such as {@code off(${body}, 'a, b')}. */
final class CallText {

    private CallText() {}

    /** Where the bracket that was opened before {@code from} is closed; -1 where it is not. */
    static int end(String text, int from, char open, char close) {
        int depth = 1;
        char quote = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == open) {
                depth++;
            } else if (c == close && --depth == 0) {
                return at;
            }
        }
        return -1;
    }

    /** How many parameters stand between the brackets of a call. */
    static int count(String parameters) {
        if (parameters.isBlank()) {
            return 0;
        }
        int count = 1;
        int depth = 0;
        char quote = 0;
        for (char c : parameters.toCharArray()) {
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if ("({[".indexOf(c) >= 0) {
                depth++;
            } else if (")}]".indexOf(c) >= 0) {
                depth--;
            } else if (c == ',' && depth == 0) {
                count++;
            }
        }
        return count;
    }
}
