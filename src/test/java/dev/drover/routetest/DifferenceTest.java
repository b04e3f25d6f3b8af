package dev.drover.routetest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a': 1.0}              | {'a': 1.00, 'b': 2}",
                "{'reason': 'gone'}      | {'reason': 'it is gone'}",
                "{'halted': {'orders': 'full'}} | {'halted': {'orders': 'the disk is full'}}"
            })
    void shouldFindNothingWhenWhatIsExpectedHasHappened(String expected, String actual) throws IOException {
        // Then
        assertThat(Difference.between(json(expected), json(actual))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'body': {'a': 1}}      | {'body': {'a': 1, 'b': 2}}       | body.b: expected nothing, was 2",
                "{'body': 'gone'}        | {'body': 'it is gone'}           | body: expected 'gone', was 'it is gone'",
                "{'body': {'reason': 'gone'}} | {'body': {'reason': 'it is gone'}} | body.reason: expected 'gone', was 'it is gone'",
                "{'halted': {}} | {'halted': {'orders': 'full'}} | halted.orders: expected nothing, was 'full'",
                "{'halted': {'orders': 'full'}} | {'halted': {}} | halted.orders: expected 'full', was nothing",
                "{'body': '1'}           | {'body': 1}                      | body: expected '1', was 1",
                "{'requests': [1, 2]}    | {'requests': [1]}                | requests[1]: expected 2, was nothing",
                "{'requests': [1]}       | {'requests': [1, 2]}             | requests[1]: expected nothing, was 2"
            })
    void shouldNameThePlaceWhenSomethingElseHasHappened(String expected, String actual, String line)
            throws IOException {
        // Then
        assertThat(Difference.between(json(expected), json(actual))).containsExactly(line.replace('\'', '"'));
    }

    @Test
    void shouldNameEachPlaceWhenSeveralDiffer() throws IOException {
        // Then
        assertThat(Difference.between(json("{'a': 1, 'b': 2}"), json("{'a': 2, 'b': 3}")))
                .containsExactly("a: expected 1, was 2", "b: expected 2, was 3");
    }

    private static JsonNode json(String text) throws IOException {
        return TestFile.JSON.readTree(text.replace('\'', '"'));
    }
}
