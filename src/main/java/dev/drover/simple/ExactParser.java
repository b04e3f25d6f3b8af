package dev.drover.simple;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.ast.BinaryExpression;
import org.apache.camel.language.simple.ast.LogicalExpression;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.language.simple.ast.TernaryExpression;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;

/** Camel's parser of predicates; its comparisons are replaced by exact ones in the tree that it makes. */
final class ExactParser extends SimplePredicateParser {

    ExactParser(CamelContext context, String expression) {
        super(context, expression, true, null);
    }

    @Override
    public List<SimpleNode> parseTokens() {
        List<SimpleNode> parsed = super.parseTokens();
        parsed.replaceAll(this::exact);
        return parsed;
    }

    private SimpleNode exact(SimpleNode node) {
        if (node instanceof TernaryExpression) {
            throw new SimpleIllegalSyntaxException(
                    expression,
                    node.getToken().getIndex(),
                    "a condition with ? and : takes decimals as whole numbers; write the comparison alone, or use"
                            + " a choice");
        }
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
