package dev.drover.simple;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.ast.BinaryExpression;
import org.apache.camel.language.simple.ast.LogicalExpression;
import org.apache.camel.language.simple.ast.SimpleNode;

/** Camel's parser of predicates; its comparisons are replaced by exact ones in the tree that it makes. */
final class ExactParser extends SimplePredicateParser {

    ExactParser(CamelContext context, String expression) {
        super(context, expression, true, null);
    }

    @Override
    public List<SimpleNode> parseTokens() {
        List<SimpleNode> parsed = super.parseTokens();
        parsed.replaceAll(ExactParser::exact);
        return parsed;
    }

    private static SimpleNode exact(SimpleNode node) {
        if (node instanceof LogicalExpression logical) {
            logical.acceptLeftNode(exact(logical.getLeft()));
            logical.acceptRightNode(exact(logical.getRight()));
            return logical;
        }
        return node instanceof BinaryExpression binary && ExactComparison.compares(binary)
                ? new ExactComparison(binary)
                : node;
    }
}
