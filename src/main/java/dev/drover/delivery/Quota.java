package dev.drover.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an answer says of a rate limit, in the fields {@code RateLimit} and {@code RateLimit-Policy} of the IETF, or in
 * the older ones that end with {@code Remaining} and {@code Reset}.
 *
 * @param remaining how many more requests are accepted; {@link #UNKNOWN} if it does not say
 * @param reset until when
 */
record Quota(int remaining, Duration reset) {

    static final int UNKNOWN = -1;

    /** From here on a number means seconds since 1970, from the second one on milliseconds. */
    private static final long LEAST_EPOCH = 1_000_000_000;

    private static final long LEAST_MILLIS = LEAST_EPOCH * 1000;

    /** Each limit of {@code RateLimit} has a name in quotes; an old form has one without. */
    private static final Pattern BETWEEN = Pattern.compile(",\\s*(?=\")");

    /**
     * What the fields say; empty if they do not say until when.
     *
     * @param fields gives the value of a field by its name, in any case; empty if the answer does not have it
     */
    static Optional<Quota> of(UnaryOperator<String> fields, Clock clock) {
        Stream<Optional<Quota>> named = Stream.of(fields.apply("RateLimit"))
                .filter(limits -> !limits.isEmpty())
                .flatMap(BETWEEN::splitAsStream)
                .map(limit -> of(found("r|remaining", limit), seconds(limit, fields.apply("RateLimit-Policy")), clock));
        Stream<Optional<Quota>> old = Stream.of("RateLimit-", "X-RateLimit-", "X-Rate-Limit-")
                .map(name -> of(fields.apply(name + "Remaining"), fields.apply(name + "Reset"), clock));
        return Stream.concat(named, old)
                .flatMap(Optional::stream)
                .min(Comparator.comparing((Quota quota) -> quota.remaining)
                        .thenComparing(quota -> quota.reset, Comparator.reverseOrder()));
    }

    private static Optional<Quota> of(String remaining, String reset, Clock clock) {
        if (reset.isEmpty()) {
            return Optional.empty(); // as in most answers
        }
        int left = remaining.strip().matches("[0-9]{1,9}") ? Integer.parseInt(remaining.strip()) : UNKNOWN;
        return RetryAfter.parse(reset, clock)
                .map(time -> fromNow(time, clock))
                .filter(time -> !time.isNegative())
                .map(time -> new Quota(left, time));
    }

    private static Duration fromNow(Duration time, Clock clock) {
        if (time.toSeconds() < LEAST_EPOCH) {
            return time;
        }
        Duration epoch = time.toSeconds() < LEAST_MILLIS ? time : Duration.ofMillis(time.toSeconds());
        return epoch.minusMillis(clock.millis());
    }

    /** Until a limit is reset; if it does not say when, the window of the policy of that name. */
    private static String seconds(String limit, String policies) {
        String reset = found("t|reset", limit);
        String name = limit.strip().replaceFirst(";.*", "");
        return !reset.isEmpty() || !name.startsWith("\"")
                ? reset
                : BETWEEN.splitAsStream(policies)
                        .filter(policy -> policy.strip().startsWith(name + ";"))
                        .map(policy -> found("w", policy))
                        .findFirst()
                        .orElse("");
    }

    private static String found(String names, String limit) {
        Matcher found = Pattern.compile("(?i)(?:^|[;,])\\s*(?:" + names + ")\\s*=\\s*([0-9]+)")
                .matcher(limit);
        return found.find() ? found.group(1) : "";
    }
}
