package dev.drover.lint;

import dev.drover.delivery.Proxies;
import dev.drover.folder.KameletProperties;
import dev.drover.folder.Placeholders;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import dev.drover.folder.YamlFile;
import dev.drover.route.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * The one check of what the user wrote, for {@code drover lint} and for the start of {@code drover run}: first the files
 * as they are, then the routes that Camel has loaded from them and not started.
 */
public final class FolderCheck {

    private final RoutesFolder folder;
    private final Settings settings;
    private final Placeholders placeholders;

    /**
     * A check of a folder.
     *
     * @param overrides settings that win over the folder's and the environment's
     */
    public FolderCheck(RoutesFolder folder, Properties overrides) {
        this.folder = folder;
        this.settings = new Settings(folder, overrides);
        this.placeholders = new Placeholders(folder, settings);
    }

    /**
     * What is wrong with the files as text: YAML, the schema of the DSL, options of components, values of settings; in
     * reading order.
     */
    public List<Finding> files() {
        List<YamlFile> files = folder.files().stream().map(YamlFile::of).toList();
        List<Finding> findings = new ArrayList<>(settings.findings());
        files.forEach(file -> findings.addAll(file.findings()));
        SchemaCheck schema = new SchemaCheck();
        files.forEach(file -> schema.check(file).forEach(findings::add));
        ComponentOptions components = new ComponentOptions(new DefaultCamelContext(false));
        OptionsCheck options =
                new OptionsCheck(components, new KameletProperties(folder), placeholders::resolved, files);
        files.forEach(file -> findings.addAll(options.check(file)));
        return findings.stream().distinct().sorted().toList();
    }

    /** The settings without a value that the files, or the built-in definitions that complete them, ask for. */
    public List<Finding> settings() {
        return placeholders.missing();
    }

    /**
     * What is wrong with the pipelines, the credentials, the formats, the proxies and the management port of a context
     * that has loaded its routes.
     */
    public List<Finding> pipelines(CamelContext context) {
        Stream<Finding> routes = Stream.concat(
                        PipelineCheck.findings(context).stream(), new KeptCheck(context).findings().stream())
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

    /** What works, with a risk: conditions of a read step that may become true later, SQL that cannot be checked. */
    public List<Finding> notes(CamelContext context) {
        return PipelineCheck.notes(context).stream()
                .map(finding -> YamlFile.atItsKey(folder, finding))
                .sorted()
                .toList();
    }
}
