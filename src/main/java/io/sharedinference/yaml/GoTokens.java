package io.sharedinference.yaml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.scanner.Scanner;
import org.yaml.snakeyaml.tokens.ScalarToken;
import org.yaml.snakeyaml.tokens.Token;

/**
 * Adapts the scanner's tokens to those of Go's scanners: in flow collections, a colon before a comma or a bracket does not
 * end a plain scalar. {@code [a:, b]} is two strings, {@code a:} and {@code b}.
 */
final class GoTokens implements Scanner {

    private final Scanner scanner;
    private final String text;
    private final Deque<Token> ready = new ArrayDeque<>();
    private int brackets;
    private int index;
    private int offset;

    GoTokens(Scanner scanner, String text) {
        this.scanner = scanner;
        this.text = text;
    }

    @Override
    public boolean checkToken(Token.ID... choices) {
        return (!ready.isEmpty() || scanner.checkToken())
                && (choices.length == 0 || List.of(choices).contains(peekToken().getTokenId()));
    }

    @Override
    public Token peekToken() {
        if (ready.isEmpty()) {
            read();
        }
        return ready.getFirst();
    }

    @Override
    public Token getToken() {
        var token = peekToken();
        ready.removeFirst();
        return token;
    }

    @Override
    public void resetDocumentIndex() {
        scanner.resetDocumentIndex();
    }

    private void read() {
        var token = next();
        if (brackets > 0 && token.getTokenId() == Token.ID.Key) {
            ready.add(token);
            while (scanner.checkToken(Token.ID.Anchor, Token.ID.Tag)) {
                ready.add(next());
            }
            token = next();
        }
        if (brackets > 0 && token instanceof ScalarToken scalar && scalar.getPlain() && goesOn()) {
            ready.removeIf(GoTokens::isImpliedKey);
            token = withColon(scalar, next());
        }
        ready.add(token);
    }

    /** The token of a key without a question mark is empty. */
    private static boolean isImpliedKey(Token token) {
        return token.getTokenId() == Token.ID.Key
                && token.getStartMark().getIndex() == token.getEndMark().getIndex();
    }

    private Token next() {
        scanner.peekToken(); // reads ahead
        var token = scanner.getToken();
        switch (token.getTokenId()) {
            case FlowSequenceStart, FlowMappingStart -> brackets++;
            case FlowSequenceEnd, FlowMappingEnd -> brackets--;
            default -> {}
        }
        return token;
    }

    private boolean goesOn() {
        if (!scanner.checkToken(Token.ID.Value)) {
            return false;
        }
        int next = offset(scanner.peekToken().getEndMark());
        return next < text.length() && ",[]{}".indexOf(text.charAt(next)) >= 0;
    }

    private ScalarToken withColon(ScalarToken scalar, Token colon) {
        var end = colon.getEndMark();
        var spaces = text.substring(offset(scalar.getEndMark()), offset(colon.getStartMark()));
        return new ScalarToken(scalar.getValue() + spaces + ":", scalar.getStartMark(), end, true);
    }

    /** Marks count code points; counting continues from the last one. */
    private int offset(Mark mark) {
        offset = text.offsetByCodePoints(offset, mark.getIndex() - index);
        index = mark.getIndex();
        return offset;
    }
}
