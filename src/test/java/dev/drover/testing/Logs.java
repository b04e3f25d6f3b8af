package dev.drover.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What the program, or a library, logs while this is open. */
public final class Logs implements AutoCloseable {

    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
    private final Logger logger;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    };

    public Logs() {
        this("dev.drover");
    }

    /** Of what begins with this name. */
    public Logs(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    public List<String> errors() {
        return messages(Level.ERROR);
    }

    public List<String> warnings() {
        return messages(Level.WARN);
    }

    private List<String> messages(Level level) {
        return events.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Whether some line has this text. */
    public boolean says(String text) {
        return count(text) > 0;
    }

    /** How many lines have this text. */
    public long count(String text) {
        return events.stream()
                .filter(event -> event.getFormattedMessage().contains(text))
                .count();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
