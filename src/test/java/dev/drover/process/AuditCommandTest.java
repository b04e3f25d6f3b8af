package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code drover audit}, and {@code drover run --drain --audit}. */
@Integration
class AuditCommandTest {

    @TempDir
    Path folder;

    private Receiver receiver;
    private OrdersServer source;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start("id");
        source = new OrdersServer(folder, 200);
        environment = source.environment(receiver.url());
    }

    @AfterEach
    void stop() {
        source.close();
        receiver.close();
    }

    @Test
    void shouldNameTheRowThatWasMissedAndDeliverItWhenItIsRepaired() throws Exception {
        // Given
        source.remove(77);
        DroverProcess drained = DroverProcess.run(folder, environment, "--drain", "--audit");
        int complete = drained.await();
        source.add(77);
        source.remove(150);

        // When
        DroverProcess found = audit();
        DroverProcess repaired = audit("--repair");
        DroverProcess again = audit();

        // Then
        assertThat(complete).isZero();
        assertThat(drained.output()).contains("orders: proven complete up to id=200");
        assertThat(found.await()).isEqualTo(1);
        assertThat(found.output())
                .startsWith("orders: 1 row of the source never read, the first is id=77")
                .anyMatch(line -> line.contains("1 row read, and deleted since (no fault)"));
        assertThat(repaired.await()).isZero();
        assertThat(receiver.accepted()).hasSize(200).containsKey("77");
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(again.await()).isZero();
    }

    private DroverProcess audit(String... options) throws Exception {
        String[] words = new String[options.length + 1];
        words[0] = "audit";
        System.arraycopy(options, 0, words, 1, options.length);
        return DroverProcess.command(folder, environment, words);
    }
}
