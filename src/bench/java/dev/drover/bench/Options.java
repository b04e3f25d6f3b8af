package dev.drover.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What the command may be told, each as {@code -Dbench.name=value}; the defaults stand in the profile of pom.xml.
 *
 * @param rows of PostgreSQL's table; 0 leaves these runs out, as in the other sizes
 * @param h2Rows of the table in H2
 * @param latencyRows how many rows go to a receiver that takes its time
 * @param offsetRows how many rows are read by OFFSET
 * @param pageRows of the table in which single pages are read
 * @param orderRows of the tables on which the proof of a page's order is timed
 * @param latency of that receiver, in milliseconds
 * @param rounds how often every contender runs
 * @param contenders the names of those that run; none for all
 * @param javaOptions options of the JVM for each contender in Java, where a table does not say otherwise
 * @param site the folder of the page and the plot
 */
record Options(
        long rows,
        long h2Rows,
        long latencyRows,
        long offsetRows,
        long pageRows,
        long orderRows,
        int latency,
        int rounds,
        Set<String> contenders,
        List<String> javaOptions,
        Path site) {

    static Options fromProperties() {
        return new Options(
                number("rows"),
                number("h2Rows"),
                number("latencyRows"),
                number("offsetRows"),
                number("pageRows"),
                number("orderRows"),
                Math.toIntExact(number("latency")),
                Math.toIntExact(number("rounds")),
                Set.copyOf(words("bench.contenders", ",")),
                words("bench.javaOptions", " "),
                Path.of(System.getProperty("bench.site")));
    }

    boolean wants(Contender contender) {
        return contenders.isEmpty() || contenders.contains(contender.name());
    }

    private static long number(String name) {
        String value = System.getProperty("bench." + name);
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("bench." + name + ": must be a number, 0 or more, but is " + value);
    }

    private static List<String> words(String property, String separator) {
        return Arrays.stream(System.getProperty(property, "").split(separator, -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
    }
}
