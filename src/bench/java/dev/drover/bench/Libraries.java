package dev.drover.bench;

import java.io.File;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What of this JVM's class path a contender gets: not more than its user would give it, since each jar costs at start. */
enum Libraries {
    PLAIN("postgresql|h2|httpclient5|httpcore5|jackson-core|slf4j-api"),
    SPRING(PLAIN.names + "|spring|HikariCP|jackson|micrometer|logback"),
    CAMEL(".*");

    private final String names;

    Libraries(String names) {
        this.names = names;
    }

    String classPath() {
        Pattern wanted = Pattern.compile(".*/((" + names + ")[^/]*[.]jar|test-classes)");
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> wanted.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
