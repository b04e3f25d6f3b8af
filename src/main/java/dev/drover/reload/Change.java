package dev.drover.reload;

import dev.drover.folder.Definition;
import dev.drover.folder.Definition.Kind;
import dev.drover.folder.Definitions;
import dev.drover.route.Finding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The difference between the running definitions and those of a folder.
 *
 * @param from the running definitions
 * @param to the definitions of the folder
 */
record Change(Definitions from, Definitions to) {

    /** The definitions of a kind that were removed or changed. */
    Set<String> outdated(Kind kind) {
        return missing(from.of(kind), to.of(kind));
    }

    /** The definitions of a kind that were added or changed. */
    Set<String> arriving(Kind kind) {
        return missing(to.of(kind), from.of(kind));
    }

    /** The names in the first map whose definition is absent from the other or different there. */
    private static Set<String> missing(Map<String, Definition> these, Map<String, Definition> those) {
        Set<String> names = new TreeSet<>();
        these.forEach((name, definition) -> {
            Definition other = those.get(name);
            if (other == null || !definition.isSame(other)) {
                names.add(name);
            }
        });
        return names;
    }

    boolean isEmpty() {
        return Arrays.stream(Kind.values())
                .allMatch(kind -> outdated(kind).isEmpty() && arriving(kind).isEmpty());
    }

    /** Whether the route configurations, which all routes share, have changed. */
    boolean isOfSharedClauses() {
        return !outdated(Kind.CONFIGURATION).isEmpty()
                || !arriving(Kind.CONFIGURATION).isEmpty();
    }

    /** Changes that need a restart: a changed bean, and anything other than routes, route configurations and new beans. */
    List<Finding> restarts() {
        List<Finding> findings = new ArrayList<>();
        Map<String, Definition> running = from.of(Kind.BEAN);
        arriving(Kind.BEAN).stream()
                .filter(running::containsKey)
                .map(name -> to.of(Kind.BEAN).get(name))
                .map(bean -> bean.finding("the bean has changed, which needs a restart"))
                .forEach(findings::add);
        Set<String> others = new TreeSet<>(outdated(Kind.OTHER));
        others.addAll(arriving(Kind.OTHER));
        others.stream()
                .map(name ->
                        to.of(Kind.OTHER).getOrDefault(name, from.of(Kind.OTHER).get(name)))
                .map(other -> other.finding("has changed, which needs a restart: only routes with an id, route"
                        + " configurations and new beans are reloaded"))
                .forEach(findings::add);
        return findings;
    }
}
