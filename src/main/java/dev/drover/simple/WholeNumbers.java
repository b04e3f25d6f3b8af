package dev.drover.simple;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;

/** Finds the functions of the simple language that round decimals to whole numbers without a word. */
final class WholeNumbers {

    private static final Pattern FUNCTION = Pattern.compile("\\$\\{\\s*(sum|average|max|min|abs)\\(");

    /** A condition inside a function, which Camel reads with its own parser. */
    private static final Pattern TERNARY =
            Pattern.compile("\\$\\{[^}]*\\s(==|!=|=~|!=~|<=?|>=?|!?in|!?range)\\s[^}]*\\?");

    private WholeNumbers() {}

    /**
     * Refuses a text that uses one.
     *
     * @throws SimpleIllegalSyntaxException with the way that works
     */
    static void refuse(String expression) {
        Matcher function = FUNCTION.matcher(expression);
        if (function.find()) {
            throw new SimpleIllegalSyntaxException(
                    expression,
                    function.start(),
                    function.group(1) + "() rounds decimals to whole numbers; compute it in the SELECT");
        }
        Matcher ternary = TERNARY.matcher(expression);
        if (ternary.find()) {
            throw new SimpleIllegalSyntaxException(
                    expression,
                    ternary.start(),
                    "a comparison inside ${ } takes decimals as whole numbers; use ${iif(predicate,true,false)} or a"
                            + " choice");
        }
    }
}
