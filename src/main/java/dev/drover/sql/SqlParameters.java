package dev.drover.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SQL of a read step in which names such as {@code :p0} replace the parameters of Camel, so that it can be parsed.
 * Text literals, quoted names and comments contain no parameters.
 *
 * @param sql the SQL with the names
 * @param parameters the parameters, in order
 * @param strayMark text of the SQL with a {@code #} that Camel would turn into a parameter; empty if there is none
 */
record SqlParameters(String sql, List<Parameter> parameters, String strayMark) {

    private static final Pattern TOKEN = Pattern.compile(
            "(?<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\\$(\\w*)\\$.*?\\$\\2\\$)"
                    + "|(?<comment>--[^\\n]*|/\\*.*?\\*/)"
                    + "|(?<asked>:[#?](?:in:)?(?:\\$(?:simple)?\\{[^}]+}|\\w+)|\\{\\{[^}]*}})"
                    + "|(?<operator>#>>|#>|#-)"
                    + "|(?<place>[#?])",
            Pattern.DOTALL);
    private static final Pattern VARIABLE =
            Pattern.compile(":[#?](?:\\$(?:simple)?\\{variable[.:])?(\\w+)(?:\\[['\"]?([^\\]'\"]+)['\"]?])?}?");

    /**
     * A parameter.
     *
     * @param variable the variable of the exchange; empty for anything else
     * @param column the column of a cursor with several columns; empty for the whole variable
     */
    record Parameter(String variable, String column) {}

    static SqlParameters of(String query) {
        List<Parameter> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder();
        String stray = "";
        Matcher token = TOKEN.matcher(query);
        while (token.find()) {
            String text = token.group();
            if (token.group("text") != null) {
                stray = stray.isEmpty() && text.contains("#") ? text : stray;
                token.appendReplacement(sql, Matcher.quoteReplacement(text));
            } else if (token.group("operator") != null) {
                stray = stray.isEmpty() ? text.strip() : stray;
                token.appendReplacement(sql, Matcher.quoteReplacement(text));
            } else if (token.group("comment") != null) {
                token.appendReplacement(sql, " ");
            } else {
                token.appendReplacement(sql, ":p" + parameters.size());
                parameters.add(asked(text));
            }
        }
        token.appendTail(sql);
        return new SqlParameters(sql.toString(), List.copyOf(parameters), stray);
    }

    private static Parameter asked(String text) {
        Matcher variable = VARIABLE.matcher(text);
        if (!variable.matches()) {
            return new Parameter("", "");
        }
        MatchResult found = variable.toMatchResult();
        return new Parameter(
                found.group(1), Optional.ofNullable(found.group(2)).orElse("").strip());
    }

    /** The parameter of a name such as {@code p0}. */
    Optional<Parameter> named(String name) {
        return name.matches("p[0-9]+") && Integer.parseInt(name.substring(1)) < parameters.size()
                ? Optional.of(parameters.get(Integer.parseInt(name.substring(1))))
                : Optional.empty();
    }

    /** Whether one of the parameters is this variable. */
    boolean asksFor(String variable) {
        return parameters.stream().anyMatch(parameter -> parameter.variable().equals(variable));
    }
}
