package dev.drover.folder;

import dev.drover.ledger.Cause;
import dev.drover.route.Finding;
import dev.drover.route.Nearest;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyBindingException;
import org.jspecify.annotations.Nullable;

/** Turns what Camel throws while it loads or starts the routes into one line for the user. */
public final class StartFailure {

    private StartFailure() {}

    /** The message for a failure before any route was made. */
    public static BadInputException explain(RoutesFolder folder, Throwable failure) {
        return explain(folder, null, failure);
    }

    /**
     * The message for a failure: what was found already, or one line about a step or the folder.
     *
     * @param context whose routes were being made; null if there were none
     */
    public static BadInputException explain(RoutesFolder folder, @Nullable CamelContext context, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadInputException known) {
                return known;
            }
        }
        return new FindingsException(List.of(finding(folder, context, failure)));
    }

    /** The innermost cause says what is wrong. Of the outer ones only the property of a bean and the step matter. */
    public static Finding finding(RoutesFolder folder, @Nullable CamelContext context, Throwable failure) {
        return property(folder, failure)
                .or(() -> missing(folder, failure))
                .or(() -> context == null ? Optional.empty() : StepAtWork.finding(context, Cause.line(failure)))
                .map(found -> YamlFile.atItsKey(folder, found))
                .orElseGet(() -> new Finding(folder.path().toString(), 0, "routes", Cause.line(failure)));
    }

    private static Optional<Finding> missing(RoutesFolder folder, Throwable failure) {
        Throwable cause = Cause.innermost(failure);
        String type = String.valueOf(cause.getMessage());
        return cause instanceof ClassNotFoundException
                ? new BeanPlaces(folder)
                        .typed(type)
                        .map(place -> new Finding(
                                place.file(),
                                place.line(),
                                "type",
                                "bean " + place.bean() + ": there is no class '" + type + "' in this program"))
                : Optional.empty();
    }

    private static Optional<Finding> property(RoutesFolder folder, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PropertyBindingException binding
                    && binding.getTarget() != null
                    && binding.getPropertyName() != null) {
                String property = binding.getPropertyName();
                return new BeanPlaces(folder)
                        .typed(binding.getTarget().getClass().getName(), property)
                        .map(place -> new Finding(
                                place.file(), place.line(), property, "bean " + place.bean() + ": " + reason(binding)));
            }
        }
        return Optional.empty();
    }

    /** Not what Camel says of it, which repeats the value: that may be a secret. */
    private static String reason(PropertyBindingException binding) {
        String property = String.valueOf(binding.getPropertyName());
        if (binding.getCause() == null) {
            return "has no such property" + Nearest.hint(property, properties(binding.getTarget()));
        }
        for (Throwable cause = binding; cause != null; cause = cause.getCause()) {
            if (cause instanceof NumberFormatException) {
                return "must be a number";
            }
        }
        String reason = Cause.line(binding);
        return reason.startsWith(property + ": ") ? reason.substring(property.length() + 2) : reason;
    }

    private static List<String> properties(Object bean) {
        return Arrays.stream(bean.getClass().getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("set") && name.length() > 3)
                .map(name -> name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4))
                .toList();
    }
}
