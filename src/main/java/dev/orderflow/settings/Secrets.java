package dev.orderflow.settings;

import java.util.regex.Pattern;

/** Hides what addresses carry besides themselves: drivers and clients repeat them whole in what they say of a failure. */
public final class Secrets {

    /** A parameter such as {@code password=...} or {@code sslpassword=...}, in quotes or not. */
    private static final String PARAMETER = "(?<parameter>password\\s*=\\s*\"?)[^&\\s\";]+";

    /** Between a user and the @ before a host. */
    private static final String IN_ADDRESS = "(?<user>//[^\\s/:@'\"]+:)[^\\s@]+(?=@)";

    /** The same where a driver took the scheme away. */
    private static final String IN_HOST = "(?<![^\\s'\"])(?<bare>[^\\s/:@'\"]+:)(?:(?!//)[^\\s@])+(?=@)";

    private static final Pattern SECRET = Pattern.compile("(?i)" + String.join("|", PARAMETER, IN_ADDRESS, IN_HOST));

    private Secrets() {}

    public static String masked(String sentence) {
        return SECRET.matcher(sentence).replaceAll("${parameter}${user}${bare}***");
    }
}
