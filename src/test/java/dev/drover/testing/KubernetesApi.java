package dev.drover.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.HttpURLConnection;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server with the API of Kubernetes that keeps pods and leases, and refuses a change of what has changed meanwhile. */
public final class KubernetesApi implements AutoCloseable {

    private static final String NAMESPACE = "shop";

    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
    private final NamespacedKubernetesClient client;

    public KubernetesApi() {
        server.init();
        client = server.createClient();
    }

    /** Pods of these names are ready. */
    public KubernetesApi pods(String... names) {
        for (String name : names) {
            Pod pod = new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(NAMESPACE)
                    .withLabels(Map.of("app.kubernetes.io/component", "pipeline"))
                    .endMetadata()
                    .withNewStatus()
                    .withPhase("Running")
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus("True")
                    .endCondition()
                    .endStatus()
                    .build();
            client.pods().inNamespace(NAMESPACE).resource(pod).create();
        }
        return this;
    }

    /** The pod is gone. */
    public void delete(String pod) {
        client.pods().inNamespace(NAMESPACE).withName(pod).delete();
    }

    /** Who has the lease of this name; null if nobody took it yet. */
    public @Nullable String holder(String lease) {
        Lease found = client.leases().inNamespace(NAMESPACE).withName(lease).get();
        return found == null ? null : found.getSpec().getHolderIdentity();
    }

    /** Gives the lease to another pod, as if it had been elected. */
    public void give(String lease, String pod) {
        change(lease, held -> {
            held.getSpec().setHolderIdentity(pod);
            held.getSpec().setAcquireTime(ZonedDateTime.now(ZoneOffset.UTC));
        });
    }

    /** Changes the lease in a way that concerns nobody, as a person may who looks at it. */
    public void touch(String lease) {
        change(lease, held -> held.getMetadata().setLabels(Map.of("touched", String.valueOf(System.nanoTime()))));
    }

    /** Again, while the holder changes it at the same time. */
    private void change(String lease, Consumer<Lease> change) {
        for (boolean done = false; !done; ) {
            try {
                client.leases().inNamespace(NAMESPACE).withName(lease).edit(held -> {
                    change.accept(held);
                    return held;
                });
                done = true;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
            }
        }
    }

    /** The file that binds Camel's cluster service for this pod, with times that a test can wait for. */
    public RouteFile leader(String pod) {
        return new RouteFile(
                "leader.camel.yaml",
                """
                - beans:
                    - name: api
                      type: org.apache.camel.component.kubernetes.KubernetesConfiguration
                      properties:
                        masterUrl: %s
                    - name: leader
                      type: org.apache.camel.component.kubernetes.cluster.KubernetesClusterService
                      constructors:
                        "0": "#bean:api"
                      properties:
                        kubernetesResourcesNamespace: %s
                        podName: %s
                        kubernetesResourceName: drover
                        clusterLabels[app.kubernetes.io/component]: pipeline
                        leaseDurationMillis: 2000
                        renewDeadlineMillis: 1500
                        retryPeriodMillis: 300
                """
                        .formatted(server.url("/"), NAMESPACE, pod));
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
