package dev.drover.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drover.config.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private final Envelope envelope = new Envelope();

    @Test
    void shouldNameTheRecordsWhenNothingIsConfigured() throws Exception {
        // When
        Marshalled written = Marshalled.by(envelope, List.of(Map.of("id", 1), Map.of("id", 2)));

        // Then
        assertThat(written.text()).isEqualTo("{\"records\":[{\"id\":1},{\"id\":2}]}");
        assertThat(written.contentType()).isEqualTo("application/json");
    }

    @Test
    void shouldHaveItsMembersExactlyWhenItIsGivenAny() throws Exception {
        // Given
        envelope.setMembers("{\"shop\": \"north \uD83D\uDE00\", \"rate\": 1.50, \"by\": {\"a\": null}}");
        envelope.setName("the \"orders\"");

        // When
        Marshalled written = Marshalled.by(envelope, Map.of("id", 1));

        // Then
        assertThat(written.text())
                .isEqualTo("{\"shop\":\"north \uD83D\uDE00\",\"rate\":1.50,\"by\":{\"a\":null},"
                        + "\"the \\\"orders\\\"\":[{\"id\":1}]}");
    }

    @Test
    void shouldRefuseTheRecordWhenItIsNotAnObject() {
        // Then
        assertThatThrownBy(() -> Marshalled.by(envelope, List.of("text"))).isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", "[]", "{\"a\":1}}", "{\"a\":1,\"a\":2}", "{a:1}"})
    void shouldRefuseTheMembersWhenTheyAreNoJsonObject(String members) {
        // Then
        assertThatThrownBy(() -> envelope.setMembers(members))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("members: '" + members + "' is not allowed, it must be a JSON object");
    }

    @Test
    void shouldRefuseToStartWhenAMemberTakesTheNameOfTheRecords() {
        // Given
        envelope.setMembers("{\"records\":1}");

        // Then
        assertThat(envelope.problems())
                .containsExactly(
                        new Problem("members", "'records' is the field with the records; choose another name"));
        assertThatThrownBy(() -> envelope.setName(" ")).hasMessageStartingWith("name: ' ' is not allowed");
    }
}
