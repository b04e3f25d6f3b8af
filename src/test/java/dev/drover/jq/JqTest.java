package dev.drover.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.Sql;
import dev.drover.ledger.NoSuchColumnException;
import dev.drover.rows.TableReader;
import dev.drover.sql.PageRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.language.JqExpression;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an expression makes of a row of H2, as it is sent. */
class JqTest {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static Object row;

    @BeforeAll
    static void readRow() throws Exception {
        CAMEL.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:filter").filter(new JqExpression(".price > 99.95")).setHeader("passed", constant(true));
            }
        });
        CAMEL.start();
        DataSource h2 = Sql.newH2();
        Sql.run(
                h2,
                "CREATE TABLE sale (id BIGINT PRIMARY KEY, customer VARCHAR(20), price NUMERIC(38, 18), tiny NUMERIC(20, 18),"
                        + " quantity INT, sold_at TIMESTAMP(6), note VARCHAR(20), details JSON)",
                "INSERT INTO sale VALUES (9007199254740993, 'Ann', 12345678901234567890.123456789012345678, 0.0000000001,"
                        + " 3, TIMESTAMP '2026-01-02 08:00:00.25', NULL, JSON '{\"rate\": 0.10, \"big\": 90071992547409931}')");
        row = new TableReader(h2, "sale", List.of("id"))
                .read(PageRequest.after(null, 10))
                .records()
                .get(0);
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {id}                                 ~ {"id":9007199254740993}
                    {ID}                                 ~ {"ID":9007199254740993}
                    {n: .price}                          ~ {"n":12345678901234567890.123456789012345678}
                    {tiny}                               ~ {"tiny":0.000000000100000000}
                    {n: (.price * .quantity)}            ~ {"n":37037036703703703670.370370367037037034}
                    {n: (.price + 1)}                    ~ {"n":12345678901234567891.123456789012345678}
                    {n: (.id - 1)}                       ~ {"n":9007199254740992}
                    {n: (.id % 10)}                      ~ {"n":3}
                    {n: (.id / 2)}                       ~ {"n":4503599627370496.5}
                    {n: ([.id, .price] | add)}           ~ {"n":12354686100489308883.123456789012345678}
                    {n: (.id == 9007199254740992)}       ~ {"n":false}
                    {n: (.id == 9007199254740993)}       ~ {"n":true}
                    {n: (0.1 + 0.2)}                     ~ {"n":0.3}
                    {n: (.id | tostring)}                ~ {"n":"9007199254740993"}
                    {n: ("90071992547409931.10" | tonumber)} ~ {"n":90071992547409931.10}
                    {n: (.quantity * 1.005 * 100 | round / 100)} ~ {"n":3.02}
                    .quantity += 0.10 | {quantity}       ~ {"quantity":3.1}
                    .total = .quantity * 2 | {total}     ~ {"total":6}
                    del(.note, .details, .price, .tiny)  ~ {"id":9007199254740993,"customer":"Ann","quantity":3,"sold_at":"2026-01-02T08:00:00.250"}
                    {note: (.note // "none")}            ~ {"note":"none"}
                    {a: {b: [.customer]}}                ~ {"a":{"b":["Ann"]}}
                    {rate: .details.rate, big: .details.big} ~ {"rate":0.10,"big":90071992547409931}
                    {day: .sold_at[0:10]}                ~ {"day":"2026-01-02"}
                    {day: (.sold_at[0:19] + "Z" | fromdateiso8601)} ~ {"day":1767340800}
                    with_entries(select(.value != null and .key != "details" and .key != "price" and .key != "tiny")) ~ {"id":9007199254740993,"customer":"Ann","quantity":3,"sold_at":"2026-01-02T08:00:00.250"}
                    {has: has("customer"), not: has("custommer")} ~ {"has":true,"not":false}
                    def twice(f): f * 2; {n: twice(.quantity)} ~ {"n":6}
                    [.quantity, null]                    ~ [3,null]
                    """)
    void shouldGiveExactValues(String expression, String sent) throws Exception {
        // When
        Object shaped = evaluate(expression, row);

        // Then
        assertThat(new ObjectMapper().writeValueAsString(shaped)).isEqualTo(sent);
    }

    @Test
    void shouldSendTheRowAsItIsWhenNothingIsChanged() throws Exception {
        // Given
        String unchanged =
                new ObjectMapper().writeValueAsString(row).replace(": ", ":").replace(", ", ",");

        // Then
        assertThat(new ObjectMapper().writeValueAsString(evaluate(".", row))).isEqualTo(unchanged);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {id} | .id.x                ~ Cannot index number with string "x"
                    .customer * {}              ~ cannot be multiplied
                    .id, .id                    ~ it gives several results; put [ ] around it for a list
                    empty                       ~ it gives no result; leave records out by a filter step
                    {n: (1 / 0)}                ~ divisor is zero
                    {n: nan}                    ~ it gives a number that JSON does not have
                    {n: (.customer | tonumber)} ~ this text is not a number
                    {n: (.price | floor)}       ~ a number of more than 15 digits is exact with + - * / % and comparisons only
                    {n: ([.id, 1] | sort)}      ~ a number of more than 15 digits is exact with + - * / % and comparisons only
                    {n: -.id}                   ~ a number of more than 15 digits is exact with + - * / % and comparisons only
                    {n: ("1e9999" | tonumber + 1)} ~ a number of more than 1000 digits cannot be computed with
                    error("not for sale")       ~ not for sale
                    """)
    void shouldSayWhyWhenAnExpressionFails(String expression, String reason) {
        // Then
        assertThatThrownBy(() -> evaluate(expression, row))
                .isInstanceOf(ExpressionEvaluationException.class)
                .hasMessageStartingWith("jq " + expression + " failed: ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{custommer}", ".custommer", "del(.custommer)", "{n: (.custommer // 1)}", ".custommer?"})
    void shouldNameTheColumnsWhenOneIsMisspelt(String expression) {
        // Then
        assertThatThrownBy(() -> evaluate(expression, row))
                .isInstanceOf(NoSuchColumnException.class)
                .hasMessageStartingWith("the row has no column custommer, only [id, customer,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {id: .id          ~ is not a jq expression: Encountered "<EOF>" at line 1, column 8.
                    {id} | flor       ~ is not a jq expression: there is no function flor/0; did you mean floor
                    env.HOME          ~ is not a jq expression: there is no function env/0
                    .a == 0.12345678901234567 ~ a number in it has more than 15 digits; write it as "..." | tonumber
                    """)
    void shouldRefuseWhatIsNoExpression(String expression, String reason) {
        // Then
        assertThatThrownBy(() -> CAMEL.resolveLanguage("jq").createExpression(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void shouldReadJsonWhenTheBodyIsText() {
        // Then
        assertThat(evaluate(".a[0]", "{\"a\": [12345678901234567890.10]}"))
                .isEqualTo(new BigDecimal("12345678901234567890.10"));
        assertThat(evaluate(".a", Map.of("a", true))).isEqualTo(true);
        assertThatThrownBy(() -> evaluate(".a", "{a")).hasMessageStartingWith("jq .a failed: Unexpected character");
    }

    @ParameterizedTest
    @CsvSource({"99.96, true", "99.95,", "100000000000000099.95, true"})
    void shouldFilterByValue(BigDecimal price, Boolean passed) {
        // Given
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(Map.of("price", price));

        // When
        Exchange ended = CAMEL.createProducerTemplate().send("direct:filter", exchange);

        // Then
        assertThat(ended.getException()).isNull();
        assertThat(ended.getMessage().getHeader("passed")).isEqualTo(passed);
    }

    private static Object evaluate(String expression, Object body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(body);
        return CAMEL.resolveLanguage("jq").createExpression(expression).evaluate(exchange, Object.class);
    }
}
