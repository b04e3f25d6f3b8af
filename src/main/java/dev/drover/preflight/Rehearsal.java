package dev.drover.preflight;

import dev.drover.folder.BadInputException;
import dev.drover.folder.FindingsException;
import dev.drover.folder.RoutesFolder;
import dev.drover.lint.FolderCheck;
import dev.drover.lint.LoadedRoutes;
import dev.drover.route.Finding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * Checks the changed files of a folder while a process runs with the earlier files. The checks are those of a start.
 * They run in a separate context that reads, sends and writes nothing.
 */
public final class Rehearsal {

    /** The command overrides this setting to add its own routes, which are not part of the folder. */
    private static final String ROUTES = "camel.main.routesIncludePattern";

    private final RoutesFolder folder;
    private final FolderCheck check;
    private final Roles roles;
    private final Map<String, String> overrides = new HashMap<>();

    /**
     * Prepares the check of the current files.
     *
     * @param overrides settings that take precedence over the folder and the environment
     */
    public Rehearsal(RoutesFolder folder, Properties overrides) {
        this.folder = folder;
        this.check = new FolderCheck(folder, overrides);
        this.roles = Roles.of(folder, overrides);
        overrides.stringPropertyNames().stream()
                .filter(key -> !key.equals(ROUTES))
                .forEach(key -> this.overrides.put(key, overrides.getProperty(key)));
    }

    /** The mistakes in the text of the files, and the settings that have no value. */
    public List<Finding> written() {
        return check.written();
    }

    /**
     * The mistakes that only the loaded routes show.
     *
     * @param begun the ids of the routes that would start; their sources and checkpoints are checked
     */
    public List<Finding> loaded(Set<String> begun) {
        Main camel = LoadedRoutes.configured(folder, overrides);
        roles.choose(camel);
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport main) {
                List<Finding> findings = findings(main.getCamelContext(), begun);
                FindingsException.refuse(findings);
                main.getCamelContext().setAutoStartup(false);
            }
        });
        try {
            LoadedRoutes.start(folder, camel).close();
            return List.of();
        } catch (FindingsException e) {
            return e.findings();
        } catch (BadInputException e) {
            return List.of(new Finding(folder.path().toString(), 0, "routes", String.valueOf(e.getMessage())));
        } finally {
            close(camel.getCamelContext());
        }
    }

    private List<Finding> findings(CamelContext context, Set<String> begun) {
        List<Finding> wrong = check.pipelines(context);
        return wrong.isEmpty()
                ? new Surroundings(
                                context,
                                folder,
                                pipeline -> begun.contains(pipeline.route().getRouteId()),
                                false)
                        .findings()
                : wrong;
    }

    /** Closes the pools of the context. A context that never started does not close them itself. */
    private static void close(CamelContext context) {
        if (context == null) {
            return;
        }
        for (DataSource database : context.getRegistry().findByType(DataSource.class)) {
            if (database instanceof AutoCloseable pool) {
                try {
                    pool.close();
                } catch (Exception e) {
                    throw new IllegalStateException("a pool cannot be closed: " + e.getMessage(), e);
                }
            }
        }
    }
}
