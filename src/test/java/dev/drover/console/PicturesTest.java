package dev.drover.console;

import static org.awaitility.Awaitility.await;

import dev.drover.testing.Browser;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Takes the pictures of the documentation, with {@code -Dpictures=src/site/resources/images}. */
@EnabledIfSystemProperty(named = "pictures", matches = ".+")
@Integration
class PicturesTest {

    private static final Path FOLDER = Path.of(System.getProperty("pictures", ""));
    private static final int POISON = 3_407;

    private final Database database = Database.h2().orders(1, 200);
    private final ManagementPort port = new ManagementPort();
    private int rows = 200;

    @Test
    void shouldTakePictures() throws Exception {
        try (Receiver receiver = Receiver.start("id");
                Browser browser = Browser.open(Browser.executable().orElseThrow());
                Drover drover = port.of(Drover.reading(database))
                        .file(RouteFile.of("routes/orders.camel.yaml"))
                        .sizes(200, 100, 2_000)
                        .sendingTo(receiver)) {
            Fault normal = request -> Fault.rejectRecords(422, POISON)
                    .answer(request)
                    .or(() -> Fault.slow(20 + rows % 60, new CountDownLatch(1)).answer(request));
            receiver.fails(normal);
            drover.start();
            browser.size(1200, 900).prefers("light").go("http://127.0.0.1:" + port.number() + "/");
            trade(60);
            receiver.fails(Fault.respond(503));
            trade(12);
            await().until(() -> browser.text("#held").contains("Service Unavailable"));
            browser.picture(FOLDER.resolve("console-down.png"));
            receiver.fails(normal);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> browser.text("#state").equals("running"));
            trade(20);
            browser.picture(FOLDER.resolve("console-recovered.png"));
            phone(browser);
        }
    }

    private static void phone(Browser browser) throws IOException {
        browser.size(360, 800).prefers("dark").go(browser.value("location.href").asText());
        await().until(() -> browser.has("#letters li"));
        browser.picture(FOLDER.resolve("console-phone.png"));
    }

    /** New orders each second, now more, now fewer. */
    private void trade(int seconds) throws InterruptedException {
        for (int second = 0; second < seconds; second++) {
            int more = 150 + (second * 37) % 110;
            database.orders(rows + 1, rows + more);
            rows += more;
            Thread.sleep(1000);
        }
    }
}
