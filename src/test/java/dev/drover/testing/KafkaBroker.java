package dev.drover.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A real Kafka on one node, a process of its own, broker and controller in one. Its data and its ports outlive a stop and
 * a crash. Topics are made by hand, as where someone looks after a cluster.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final Path PROGRAM = Path.of("target", "broker").toAbsolutePath();
    private static final String CLUSTER = "AAAAAAAAAAAAAAAAAAAAAQ";
    private static final int PATIENCE_MILLIS = 1000;

    private static final String LOGGING =
            """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d %level %logger{20} %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;

    private final Path folder;
    private final int port;
    private Process process;

    private KafkaBroker() throws IOException {
        folder = Files.createTempDirectory("kafka");
        port = freePort();
        Files.writeString(folder.resolve("server.properties"), settings(port, freePort()));
        Files.writeString(folder.resolve("logback.xml"), LOGGING);
    }

    /** The one of all tests of this JVM, started by the first that asks for it; each names topics of its own. */
    public static KafkaBroker shared() {
        return Holder.SHARED;
    }

    /** One of a single test, which may stop and kill it. */
    public static KafkaBroker own() {
        try {
            KafkaBroker broker = new KafkaBroker();
            broker.format();
            broker.start();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String settings(int clients, int controller) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                listeners=CLIENTS://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                inter.broker.listener.name=CLIENTS
                listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                log.cleaner.enable=false
                auto.create.topics.enable=false
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                group.min.session.timeout.ms=1000
                broker.heartbeat.interval.ms=500
                broker.session.timeout.ms=2000
                """
                .formatted(clients, controller, folder.resolve("data"));
    }

    private void format() throws IOException {
        String settings = folder.resolve("server.properties").toString();
        Process tool = java("format.log", "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", settings);
        if (tool.onExit().join().exitValue() != 0) {
            throw new AssertionError(Files.readString(folder.resolve("format.log")));
        }
    }

    /** Returns when it answers. */
    public void start() {
        try {
            process = java(
                    "broker.log",
                    "kafka.Kafka",
                    folder.resolve("server.properties").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!accepts() || !answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("the broker does not answer, see " + folder.resolve("broker.log"));
            }
        }
    }

    private Process java(String log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                "-cp",
                PROGRAM.resolve("*").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL"));
        return builder.start();
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            return false;
        }
    }

    private boolean answers() {
        try (Admin admin = admin()) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                10 * PATIENCE_MILLIS));
    }

    /** What a client is told to find it. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** As {@code kill} does; returns when it has ended. */
    public void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops it and starts it again. */
    public void restart() {
        stop();
        start();
    }

    /** Returns when each of the partitions can be read and written. */
    public void createTopic(String name, int partitions) {
        try (Admin admin = admin()) {
            answer(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all());
        }
        Map<Integer, Long> unused = ends(name);
    }

    /** Publishes values without keys, one after the other. */
    public void publish(String topic, String... values) {
        publish(topic, Map.of(), values);
    }

    /** The same, each with these headers. */
    public void publish(String topic, Map<String, String> headers, String... values) {
        Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                ProducerRecord<String, String> message = new ProducerRecord<>(topic, value);
                headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
                producer.send(message).get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** By partition, the offset that the group committed; a partition without one is left out. */
    public Map<Integer, Long> committed(String group, String topic) {
        Map<Integer, Long> offsets = new TreeMap<>();
        try (Admin admin = admin()) {
            answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (partition.topic().equals(topic) && offset != null) {
                            offsets.put(partition.partition(), offset.offset());
                        }
                    });
        }
        return offsets;
    }

    /** By partition, the offset after its last record: the number of its records, since none is removed. */
    public Map<Integer, Long> ends(String topic) {
        Map<Integer, Long> offsets = new TreeMap<>();
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            answer(admin.listOffsets(latest).all())
                    .forEach((partition, end) -> offsets.put(partition.partition(), end.offset()));
        }
        return offsets;
    }

    /** Deletes the records of a partition before this offset, as the retention of a topic does. */
    public void deleteBefore(String topic, int partition, long offset) {
        try (Admin admin = admin()) {
            answer(admin.deleteRecords(
                            Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                    .all());
        }
    }

    /** Sets the committed offset of a group without members. */
    public void commit(String group, String topic, int partition, long offset) {
        try (Admin admin = admin()) {
            answer(admin.alterConsumerGroupOffsets(
                            group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                    .all());
        }
    }

    /** Deletes a topic, and returns when it is gone. */
    public void deleteTopic(String name) {
        try (Admin admin = admin()) {
            answer(admin.deleteTopics(List.of(name)).all());
            await().until(() -> !answer(admin.listTopics().names()).contains(name));
        }
    }

    /** The state of a group, its members and the partitions they have. */
    public ConsumerGroupDescription group(String name) {
        try (Admin admin = admin()) {
            return answer(admin.describeConsumerGroups(List.of(name)).all()).get(name);
        }
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * One below those that the system gives to connections of clients: while the broker is down, a client that tries again
     * and again could get such a port as its own, and the broker could not come back.
     */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // taken: another one
            }
        }
    }

    /** Ends it without ceremony: nobody needs what it has stored. */
    @Override
    public void close() {
        kill();
    }

    private static final class Holder {

        static final KafkaBroker SHARED = own();
    }
}
