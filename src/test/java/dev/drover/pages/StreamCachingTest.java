package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.rows.SourceRecord;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamCachingTest {

    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void shouldNotAskTheConvertersForARecordWhenPagesAreRead() {
        // When
        start();

        // Then
        assertThat(context.getStreamCachingStrategy().getDenyClasses()).containsExactly(SourceRecord.class);
    }

    @Test
    void shouldKeepTheClassesWhenTheUserHasSetThem() {
        // Given
        context.getStreamCachingStrategy().setDenyClasses(String.class);

        // When
        start();

        // Then
        assertThat(context.getStreamCachingStrategy().getDenyClasses()).containsExactly(String.class);
    }

    private void start() {
        context.addComponent("pages", new PagesComponent());
        context.start();
    }
}
