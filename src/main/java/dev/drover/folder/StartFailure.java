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
import org.springframework.core.NestedExceptionUtils;

/** Turns an exception of Camel at the start into one line for the user. */
public final class StartFailure {

    private StartFailure() {}

    /** The message for a failure before Camel has created routes. */
    public static BadInputException explain(RoutesFolder folder, Throwable failure) {
        return explain(folder, null, failure);
    }

    /**
     * The message for a failure: the message of a {@link BadInputException} inside, or one line about a step or the
     * folder.
     *
     * @param context the context that was creating its routes; null if there is none
     */
    public static BadInputException explain(RoutesFolder folder, @Nullable CamelContext context, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadInputException known) {
                return known;
            }
        }
        return new FindingsException(List.of(finding(folder, context, failure)));
    }

    /** The finding has the message of the innermost cause, and the property or step of an outer one. */
    private static Finding finding(RoutesFolder folder, @Nullable CamelContext context, Throwable failure) {
        return property(folder, failure)
                .or(() -> missing(folder, failure))
                .or(() -> context == null ? Optional.empty() : StepAtWork.finding(context, failure))
                .map(found -> YamlFile.atItsKey(folder, found))
                .orElseGet(() -> new Finding(folder.path().toString(), 0, "routes", Cause.line(failure)));
    }

    private static Optional<Finding> missing(RoutesFolder folder, Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String type = String.valueOf(cause.getMessage());
        if (!(cause instanceof ClassNotFoundException)) {
            return Optional.empty();
        }
        String message = "there is no class '" + type + "' in this program";
        BeanPlaces places = new BeanPlaces(folder);
        return places.typed(type)
                .map(place -> places.finding(place, "type", message))
                .or(() -> folder.properties().stringPropertyNames().stream()
                        .filter(key ->
                                folder.properties().getProperty(key).strip().equals("#class:" + type))
                        .findFirst()
                        .map(key -> folder.finding(key, message)));
    }

    private static Optional<Finding> property(RoutesFolder folder, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PropertyBindingException binding
                    && binding.getTarget() != null
                    && binding.getPropertyName() != null) {
                String property = binding.getPropertyName();
                String value = String.valueOf(binding.getValue());
                BeanPlaces places = new BeanPlaces(folder);
                Optional<Finding> found = places.typed(
                                binding.getTarget().getClass().getName(), property, value)
                        .map(place -> places.finding(place, property, reason(binding)))
                        .or(() -> setting(folder, binding).map(key -> folder.finding(key, reason(binding))));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The setting that Camel could not apply. For a built-in setting it is the setting in its placeholder. */
    private static Optional<String> setting(RoutesFolder folder, PropertyBindingException binding) {
        String key = binding.getOptionPrefix() + binding.getOptionKey();
        String text = folder.properties().getProperty(key, BuiltIn.properties().getProperty(key));
        return Optional.ofNullable(text)
                .map(BeanPlaces.SETTING::matcher)
                .map(setting -> setting.matches() ? setting.group(1) : key);
    }

    /** The reason without Camel's own message, which repeats the value. The value may be a secret. */
    private static String reason(PropertyBindingException binding) {
        String property = String.valueOf(binding.getPropertyName());
        if (binding.getCause() == null) {
            return "has no such property" + Nearest.hint(property, properties(binding.getTarget()));
        }
        for (Throwable cause = binding; cause != null; cause = cause.getCause()) {
            if (cause instanceof NumberFormatException) {
                return "must be a number";
            }
            if (String.valueOf(cause.getMessage()).endsWith("to type: boolean as the value is not true or false")) {
                return "must be true or false";
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
