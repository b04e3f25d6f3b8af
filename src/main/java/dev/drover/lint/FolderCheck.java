package dev.drover.lint;

import dev.drover.delivery.Proxies;
import dev.drover.folder.KameletProperties;
import dev.drover.folder.Placeholders;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import dev.drover.folder.YamlFile;
import dev.drover.route.Expressions;
import dev.drover.route.Finding;
import dev.drover.route.ForwarderShape;
import dev.drover.route.RouteShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * Checks a folder, for {@code drover lint} and for the start of {@code drover run}: first the text of the files, then
 * the routes that Camel has loaded and not started.
 */
public final class FolderCheck {

    private final RoutesFolder folder;
    private final Settings settings;
    private final Placeholders placeholders;

    /**
     * Prepares the check.
     *
     * @param overrides settings that take precedence over the folder and the environment
     */
    public FolderCheck(RoutesFolder folder, Properties overrides) {
        this.folder = folder;
        this.settings = new Settings(folder, overrides);
        this.placeholders = new Placeholders(folder, settings);
    }

    /**
     * The mistakes in the text of the files, in their order: YAML, the schema of the DSL, options of components, values of
     * settings.
     */
    public List<Finding> files() {
        List<YamlFile> files = folder.files().stream().map(YamlFile::of).toList();
        List<Finding> findings = new ArrayList<>(settings.findings());
        findings.addAll(placeholders.misspelt());
        files.forEach(file -> findings.addAll(file.findings()));
        SchemaCheck schema = new SchemaCheck();
        files.forEach(file -> schema.check(file).forEach(findings::add));
        ComponentOptions components = new ComponentOptions(new DefaultCamelContext(false));
        OptionsCheck options =
                new OptionsCheck(components, new KameletProperties(folder), placeholders::resolved, files);
        files.forEach(file -> findings.addAll(options.check(file)));
        return findings.stream().distinct().sorted().toList();
    }

    /** The mistakes in the text of the files, and the settings without a value. */
    public List<Finding> written() {
        return Stream.concat(files().stream(), settings().stream()).sorted().toList();
    }

    /** The settings without a value that the files or the built-in definitions use. */
    public List<Finding> settings() {
        return placeholders.missing();
    }

    /**
     * The mistakes in a context that has loaded its routes: pipelines, credentials, formats, proxies, management port.
     */
    public List<Finding> pipelines(CamelContext context) {
        Stream<Finding> routes = Stream.of(
                        shapes(context), new KeptCheck(context).findings(), AddressCheck.hosts(context))
                .flatMap(List::stream)
                .filter(finding -> !Placeholders.isOfUnset(finding))
                .map(finding -> YamlFile.atItsKey(folder, finding));
        Stream<Finding> beans = new BeansCheck(context, folder).written(placeholders::isUnset).stream();
        Stream<Finding> proxies = new Proxies()
                .problems().entrySet().stream()
                        .map(wrong -> new Finding("environment", 0, wrong.getKey(), wrong.getValue()));
        Stream<Finding> port = new ManagementCheck(context, folder).findings().stream();
        return Stream.of(routes, beans, proxies, port)
                .flatMap(found -> found)
                .sorted()
                .toList();
    }

    private static List<Finding> shapes(CamelContext context) {
        List<Finding> findings = new ArrayList<>();
        for (RouteDefinition route : RouteShape.pipelines(context)) {
            findings.addAll(PagesOptions.findings(context, route));
            findings.addAll(RouteShape.findings(context, route));
            RouteShape.split(context, route)
                    .ifPresent(split -> findings.addAll(ReadStep.findings(context, route, split)));
        }
        findings.addAll(ForwarderShape.findings(context));
        return findings;
    }

    /** Notes about risks: conditions of a read step that may become true later, SQL that cannot be checked. */
    public List<Finding> notes(CamelContext context) {
        List<Finding> notes = new ArrayList<>();
        for (RouteDefinition route : RouteShape.pipelines(context)) {
            RouteShape.split(context, route).ifPresent(split -> {
                notes.addAll(ReadStep.notes(context, route, split));
                notes.addAll(Expressions.notes(context, route, split));
            });
        }
        return notes.stream()
                .map(finding -> YamlFile.atItsKey(folder, finding))
                .sorted()
                .toList();
    }
}
