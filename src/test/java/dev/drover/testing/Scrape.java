package dev.drover.testing;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus reads, in its text format. */
public record Scrape(String text) {

    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** The names of all samples. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        samples().forEachRemaining(line -> names.add(line.group(1)));
        return names;
    }

    public boolean has(String name) {
        return names().contains(name);
    }

    /** The value of the one sample of this name and exactly these labels. */
    public double value(String name, Map<String, String> labels) {
        var samples = samples();
        while (samples.hasNext()) {
            Matcher sample = samples.next();
            if (sample.group(1).equals(name) && labels(sample.group(2)).equals(labels)) {
                return Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"));
            }
        }
        throw new AssertionError("no sample " + name + labels + " in:\n" + text);
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    private Iterator<Matcher> samples() {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .iterator();
    }
}
