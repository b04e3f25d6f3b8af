package dev.drover;

import dev.drover.observe.Summary;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.preflight.BadInputException;
import dev.drover.preflight.BuiltIn;
import dev.drover.preflight.Demo;
import dev.drover.preflight.RoutesFolder;
import dev.drover.preflight.StartFailure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** The standalone runtime: stock camel-main over a routes folder, ended when all its pipelines are. */
final class Application {

    private final RoutesFolder folder;
    private final org.apache.camel.main.Main camel = new org.apache.camel.main.Main();
    private final List<Pipeline> pipelines = new ArrayList<>();

    Application(RoutesFolder folder) {
        this.folder = folder;
        camel.setDefaultPropertyPlaceholderLocation("false");
        camel.setPropertyPlaceholderLocations(folder.propertiesLocation());
        BuiltIn.properties().forEach((key, value) -> camel.addInitialProperty(key.toString(), value.toString()));
        camel.addOverrideProperty("camel.main.routesIncludePattern", folder.includePattern());
    }

    /** Adds the demo: its own source, store and receiver. */
    void demo() {
        Demo.properties(folder).forEach(camel::addOverrideProperty);
    }

    /** Has every pipeline end when its source is drained. */
    void drain() {
        camel.addOverrideProperty("camel.component.pages.mode", "DRAIN");
    }

    /**
     * Runs until the pipelines end, or the process is told to stop.
     *
     * @param out where the summary goes
     * @return 0, or 1 if a pipeline was halted
     * @throws BadInputException if it can not start with what the user gave it
     */
    int run(PrintWriter out) throws Exception {
        folder.check(camel.getOverrideProperties());
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                BuiltIn.addMissing(main.getCamelContext(), folder);
            }

            @Override
            public void afterStart(BaseMainSupport main) {
                watch();
            }
        });
        try {
            camel.run();
        } catch (Exception e) {
            throw StartFailure.explain(e);
        }
        pipelines.forEach(pipeline -> Summary.of(pipeline).forEach(out::println));
        out.flush();
        return pipelines.stream().anyMatch(Application::isHalted) ? 1 : 0;
    }

    private void watch() {
        pipelines.addAll(camel.getCamelContext()
                .getComponent("pages", PagesComponent.class)
                .pipelines());
        Thread watcher = new Thread(this::completeWhenEnded, "pipelines");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void completeWhenEnded() {
        try {
            while (pipelines.isEmpty() || !pipelines.stream().allMatch(Application::isEnded)) {
                Thread.sleep(50);
            }
            camel.completed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isHalted(Pipeline pipeline) {
        return pipeline.state() == Pipeline.State.HALTED;
    }

    private static boolean isEnded(Pipeline pipeline) {
        return pipeline.state() == Pipeline.State.FINISHED || isHalted(pipeline);
    }
}
