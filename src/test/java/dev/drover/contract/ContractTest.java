package dev.drover.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.delivery.UnsendableException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schema makes of a record, and of which schemas a start is refused. */
class ContractTest {

    private static final String OPENAPI =
            """
            openapi: VERSION
            info: {title: Billing, version: "1"}
            paths:
              /orders/{id}:
                post:
                  operationId: createOrders
                  requestBody: {$ref: '#/components/requestBodies/Orders'}
                put:
                  operationId: putOrder
                  requestBody: {content: {application/vnd.order+json: {schema: {$ref: '#/components/schemas/Order'}}}}
                patch:
                  operationId: patchOrder
                  requestBody: {content: {text/plain: {schema: {type: string}}}}
                delete:
                  operationId: broken
                  requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Broken'}}}}
                get:
                  operationId: elsewhere
                  requestBody: {content: {application/json: {schema: {properties: {default: {$ref: 'http://example.org/x'}}}}}}
            components:
              requestBodies:
                Orders:
                  content:
                    application/json:
                      schema: {type: array, maxItems: 1, items: {$ref: '#/components/schemas/Order'}}
              schemas:
                Order:
                  type: object
                  required: [id, created]
                  properties:
                    created: {type: string, readOnly: true}
                    id: {type: integer}
                    note: {type: string, nullable: true}
                    quantity: {type: integer, minimum: 1, exclusiveMinimum: true}
                    amount: {$ref: '#/components/schemas/Amount~1Euro'}
                Amount/Euro: {type: number, multipleOf: 0.01}
                Broken: {type: object, properties: {a: {type: strin}}}
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type": "integer"}                                     | 9007199254740993                 |
                    {"const": 9007199254740993}                             | 9007199254740993                 |
                    {"const": 9007199254740992}                             | 9007199254740993                 | /value: const 9007199254740992
                    {"maximum": 9007199254740992}                           | 9007199254740993                 | /value: maximum 9007199254740992
                    {"multipleOf": 0.01}                                    | 12345678901234567890.12          |
                    {"multipleOf": 0.01}                                    | 12345678901234567890.123         | /value: multipleOf 0.01
                    {"exclusiveMaximum": 0.3}                               | 0.30000000000000000001           | /value: exclusiveMaximum 0.3
                    {"minimum": 100000000000000000000000000000000000000001} | 100000000000000000000000000000000000000000 | /value: minimum 100000000000000000000000000000000000000001
                    """)
    void shouldCompareNumbersExactly(String schema, BigDecimal value, String misfit) throws Exception {
        // Given
        Contract contract = contract("value.json", "{\"properties\": {\"value\": " + schema + "}}");
        Object number = value.scale() == 0 ? value.toBigInteger() : value;

        // When
        Optional<String> found = check(contract, Map.of("value", number));

        // Then
        assertThat(found).isEqualTo(Optional.ofNullable(misfit).map(rule -> "does not fit value.json: " + rule));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"required": ["a/b"]}                                  | /a~1b: required
                    {"properties": {"name": {"pattern": "^[A-Z]+$"}}}      | /name: pattern ^[A-Z]+$
                    {"properties": {"name": {"enum": ["Ann", "Ben"]}}}     | /name: enum
                    {"properties": {"name": {"const": "Ann"}}}             | /name: const Ann
                    {"properties": {"name": {"maxLength": 3}}}             | /name: maxLength 3
                    {"properties": {"name": {"type": ["null", "number"]}}} | /name: type
                    {"properties": {"name": {"not": {"type": "string"}}}}  | /name: not
                    {"properties": {"name": {"anyOf": [{"type": "null"}, {"type": "number"}]}}} | /name: type null and 1 more
                    {"properties": {"name": false}}                        | /name: false
                    {"additionalProperties": false}                        | /name: additionalProperties
                    {"type": "array", "items": {"required": ["id"]}}       | /id: required
                    {"type": "number"}                                     | /: type number
                    """)
    void shouldNameTheFieldAndTheRuleAndNotTheValue(String schema, String rule) throws Exception {
        // Given
        Contract contract = contract("order.json", schema);

        // When
        Optional<String> misfit = check(contract, Map.of("name", "Secret"));

        // Then
        assertThat(misfit).contains("does not fit order.json: " + rule);
    }

    @ParameterizedTest
    @CsvSource({"3.0.3, createOrders", "3.0.3, putOrder", "3.1.0, createOrders", "3.1.0, putOrder"})
    void shouldCheckEachRecordAgainstTheBodyOfAnOperation(String version, String operation) throws Exception {
        // Given
        boolean old = version.startsWith("3.0");
        String text = OPENAPI.replace("VERSION", version);
        Contract contract = contract(
                "api.yaml", old ? text : text.replace("minimum: 1, exclusiveMinimum: true", "exclusiveMinimum: 1"));
        contract.setSchema("api.yaml#" + operation);
        Map<String, Object> good = Map.of("id", 1, "quantity", 2, "amount", new BigDecimal("1.10"));

        // When, Then
        assertThat(check(contract, good)).isEmpty();
        assertThat(check(contract, Map.of("id", 1, "amount", new BigDecimal("1.101"))))
                .hasValueSatisfying(why -> assertThat(why).endsWith("/amount: multipleOf 0.01"));
        assertThat(check(contract, Map.of("id", 1, "quantity", 1)))
                .hasValueSatisfying(why -> assertThat(why).contains("/quantity: "));
        assertThat(check(contract, "{\"id\": 1, \"note\": null}")).isEmpty();
        assertThat(check(contract, Map.of("quantity", 2)))
                .contains("does not fit api.yaml#" + operation + ": /id: required");
    }

    @Test
    void shouldCheckTheRowOfAChangeWhenOnlyTheRowIsSent() throws Exception {
        // Given
        Contract contract = contract("order.json", "{\"required\": [\"id\"]}");
        contract.setFormat("single");
        String change = "{\"change_id\": 1, \"operation\": \"%s\", \"key\": {\"id\": 5}, \"row\": %s}";

        // When, Then
        assertThat(check(contract, fields(change.formatted("upsert", "{\"id\": 5}"))))
                .isEmpty();
        assertThat(check(contract, fields(change.formatted("upsert", "{\"name\": 5}"))))
                .contains("does not fit order.json: /id: required");
        assertThat(check(contract, fields(change.formatted("delete", "null")))).isEmpty();
        assertThat(check(contract, Map.of("operation", "upsert", "row", Map.of("id", 5))))
                .as("a row with such columns")
                .isPresent();
    }

    private static Map<?, ?> fields(String json) throws Exception {
        return new ObjectMapper().readValue(json, Map.class);
    }

    @Test
    void shouldLeaveARecordThatIsNoJsonToTheFormat() throws Exception {
        // Given
        Contract contract = contract("order.json", "{\"type\": \"object\"}");

        // When, Then
        assertThat(check(contract, "not json")).isEmpty();
        assertThat(check(contract, BigInteger.ONE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a.json               | {"type": "object"                                        | a.json: line 1 cannot be parsed: Unexpected end-of-input
                    a.yaml               | a: [                                                     | a.yaml: line 1 cannot be parsed: while parsing a flow node
                    none.json            |                                                          | none.json: there is no such file beside the routes
                    a.json               | 5                                                        | a.json: breaks a rule of JSON Schema at /: type
                    a.json               | {"properties": {"a": {"type": "strin"}}}                 | a.json: breaks a rule of JSON Schema at /properties/a/type: enum
                    a.json               | {"properties": {"a": {"minimum": "1"}}}                  | a.json: breaks a rule of JSON Schema at /properties/a/minimum: type number
                    a.json               | {"properties": {"a": {"pattern": "("}}}                  | a.json: /properties/a/pattern: Unclosed group
                    a.json               | {"patternProperties": {"a/(": {}}}                       | a.json: /patternProperties/a~1(: Unclosed group
                    a.yaml               | {a: &a {type: string}, properties: {b: *a}}              | a.yaml: line 1 has a YAML alias; use $ref
                    a.yaml               | {a: &a {type: string}, properties: {b: {<<: *a}}}        | a.yaml: line 1 has a YAML alias; use $ref
                    a.json               | {"$schema": "https://example.org/x"}                     | a.json: /$schema: is not a version that is known; allowed are draft-04
                    a.json               | {"properties": {"a": {"$ref": "http://127.0.0.1:1/x"}}}  | a.json: /properties/a/$ref: leads out of the file; copy what it refers to
                    a.json               | {"items": {"$ref": "b.json#/x"}}                         | a.json: /items/$ref: leads out of the file
                    a.json               | {"properties": {"a": {"$ref": "#/$defs/x"}}}             | a.json: /properties/a/$ref: leads to nothing: #/$defs/x
                    a.json               | {"allOf": [{"$ref": "#/allOf/0"}]}                       | a.json: /allOf/0/$ref: leads to nothing: #/allOf/0
                    a.json               | {"properties": {"a": {"$ref": "#anchor"}}}               | a.json: cannot be compiled: Reference anchor cannot be resolved
                    a.json#createOrder   | {}                                                       | a.json#createOrder: the file is not of OpenAPI, so it has no operation createOrder
                    """)
    void shouldRefuseAContractWithThePlaceOfTheMistake(String place, String text, String refusal) throws Exception {
        // Given
        if (text != null) {
            Files.writeString(folder.resolve(place.replaceFirst("#.*", "")), text);
        }

        // When, Then
        assertThatThrownBy(() -> contract().setSchema(place))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(refusal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    api.yaml             | 3.0.3 | the file is of OpenAPI; name an operation, as in api.yaml#createOrder
                    api.yaml#creatOrders | 3.0.3 | /paths: there is no operation creatOrders; did you mean createOrders
                    api.yaml#patchOrder  | 3.0.3 | /paths/~1orders~1{id}/patch/requestBody/content: has no schema of JSON for the operation
                    api.yaml#broken      | 3.0.3 | breaks a rule of JSON Schema at /components/schemas/Broken/properties/a/type: enum
                    api.yaml#elsewhere   | 3.1.0 | schema/properties/default/$ref: leads out of the file
                    api.yaml#putOrder    | 2.0   | /openapi: must be 3.0 or newer; convert the file
                    api.yaml#putOrder    | 3.1.0 | breaks a rule of JSON Schema at /components/schemas/Order/properties/quantity/exclusiveMinimum: type
                    """)
    void shouldRefuseAnOperationThatHasNoSchema(String place, String version, String refusal) throws Exception {
        // Given
        Files.writeString(folder.resolve("api.yaml"), OPENAPI.replace("VERSION", version));

        // When, Then
        assertThatThrownBy(() -> contract().setSchema(place))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(place + ": ")
                .hasMessageContaining(refusal);
    }

    private Contract contract(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
        Contract contract = contract();
        if (!text.startsWith("openapi")) {
            contract.setSchema(name);
        }
        return contract;
    }

    private Contract contract() {
        DefaultCamelContext context = new DefaultCamelContext();
        Properties settings = new Properties();
        settings.setProperty("camel.main.routesIncludePattern", "file:" + folder.resolve("*.camel.yaml"));
        context.getPropertiesComponent().setInitialProperties(settings);
        Contract contract = new Contract();
        contract.setCamelContext(context);
        return contract;
    }

    private static Optional<String> check(Contract contract, Object body) throws Exception {
        Exchange exchange = new DefaultExchange(contract.getCamelContext());
        exchange.getMessage().setBody(body);
        try {
            contract.check(exchange);
            return Optional.empty();
        } catch (UnsendableException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
