package dev.orderflow.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;

/**
 * Prints text that came from elsewhere without obeying it: what moves a cursor, colours a terminal or turns a line
 * round is written out, and so is what the charset does not have. In JSON it is the same string either way.
 */
final class HarmlessStream extends PrintStream {

    private final CharsetEncoder letters;

    HarmlessStream(OutputStream out, Charset charset) {
        super(out, true, charset);
        this.letters = charset.newEncoder();
    }

    @Override
    public void print(String text) {
        super.print(text == null ? "null" : written(text));
    }

    @Override
    public void print(Object any) {
        print(String.valueOf(any));
    }

    @Override
    public void print(char one) {
        print(String.valueOf(one));
    }

    @Override
    public void print(char[] some) {
        print(String.valueOf(some));
    }

    private synchronized String written(String text) {
        var written = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int one = text.codePointAt(i);
            String itself = Character.toString(one);
            boolean ends = one == '\r' && text.startsWith("\n", i + 1);
            if (ends || isHarmless(one) && letters.canEncode(itself)) {
                written.append(itself);
            } else {
                itself.chars().forEach(unit -> written.append(escaped(unit)));
            }
        }
        return written.toString();
    }

    private static String escaped(int unit) {
        return "\\u" + Integer.toHexString(0x10000 | unit).substring(1);
    }

    static boolean isHarmless(int one) {
        return one == '\n' || one == '\t' || !Character.isISOControl(one) && Character.getType(one) != Character.FORMAT;
    }
}
