package portico.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON (RFC 8259), strictly; of a name that comes twice the last value is kept. */
final class JsonParser {
    /** Deeper values are refused, before the stack of the thread ends. */
    private static final int MAXIMUM_DEPTH = 512;

    private final String text;
    private int position;
    private int depth;

    private JsonParser(String text) {
        this.text = text;
    }

    /** The value of a text; throws {@link JsonMismatch} if the text is not JSON. */
    static JsonValue parse(String text) {
        JsonParser parser = new JsonParser(text);
        JsonValue value = parser.value();
        parser.skipBlanks();
        if (parser.position < text.length()) {
            throw parser.failure("there is more after the value");
        }
        return value;
    }

    private JsonValue value() {
        skipBlanks();
        switch (peek()) {
            case '{':
                return nested(true);
            case '[':
                return nested(false);
            case '"':
                return JsonValue.of(string());
            case 't':
                return word("true", JsonValue.of(true));
            case 'f':
                return word("false", JsonValue.of(false));
            case 'n':
                return word("null", JsonValue.NULL);
            default:
                return JsonValue.number(number());
        }
    }

    private JsonValue nested(boolean isObject) {
        if (++depth > MAXIMUM_DEPTH) {
            throw failure("it is nested more than " + MAXIMUM_DEPTH + " times");
        }
        position++;
        JsonValue value = isObject ? object() : array();
        depth--;
        return value;
    }

    private JsonValue object() {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        skipBlanks();
        if (peek() == '}') {
            position++;
            return JsonValue.object(members);
        }
        while (true) {
            skipBlanks();
            if (peek() != '"') {
                throw failure("a name is missing");
            }
            String name = string();
            skipBlanks();
            if (peek() != ':') {
                throw failure("':' is missing");
            }
            position++;
            members.put(name, value());
            if (isLast('}')) {
                return JsonValue.object(members);
            }
        }
    }

    private JsonValue array() {
        List<JsonValue> elements = new ArrayList<>();
        skipBlanks();
        if (peek() == ']') {
            position++;
            return JsonValue.array(elements);
        }
        while (true) {
            elements.add(value());
            if (isLast(']')) {
                return JsonValue.array(elements);
            }
        }
    }

    private boolean isLast(char end) {
        skipBlanks();
        char next = peek();
        if (next != ',' && next != end) {
            throw failure("',' or '" + end + "' is missing");
        }
        position++;
        return next == end;
    }

    private JsonValue word(String word, JsonValue value) {
        if (!text.startsWith(word, position)) {
            throw failure("a value is missing");
        }
        position += word.length();
        return value;
    }

    private String number() {
        int start = position;
        if (peek() == '-') {
            position++;
        }
        if (peek() == '0') {
            position++;
        } else {
            digits();
        }
        if (peek() == '.') {
            position++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            digits();
        }
        return text.substring(start, position);
    }

    private void digits() {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        if (position == start) {
            throw failure("a value is missing");
        }
    }

    private String string() {
        int start = ++position;
        while (true) {
            char next = peek();
            if (next == '"') {
                return text.substring(start, position++);
            }
            if (next == '\\') {
                return escapedString(start);
            }
            checkText(next);
            position++;
        }
    }

    private String escapedString(int start) {
        StringBuilder result = new StringBuilder(text.substring(start, position));
        while (true) {
            char next = peek();
            if (next == '"') {
                position++;
                return result.toString();
            }
            checkText(next);
            position++;
            result.append(next == '\\' ? escape() : next);
        }
    }

    private void checkText(char next) {
        if (next < ' ') {
            throw failure(position < text.length() ? "a control character is in a text" : "a text does not end");
        }
    }

    private char escape() {
        char letter = peek();
        position++;
        switch (letter) {
            case '"':
            case '\\':
            case '/':
                return letter;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int unit = 0;
                for (int index = 0; index < 4; index++) {
                    char digit = peek();
                    // Character.digit alone would take the digits of every script.
                    int number = digit < 128 ? Character.digit(digit, 16) : -1;
                    if (number < 0) {
                        throw failure("an escape is wrong");
                    }
                    unit = unit * 16 + number;
                    position++;
                }
                return (char) unit;
            default:
                throw failure("an escape is wrong");
        }
    }

    /** The next character; NUL, which JSON has nowhere, at the end. */
    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private void skipBlanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private JsonMismatch failure(String problem) {
        return new JsonMismatch("not JSON: " + problem + ", at character " + (position + 1));
    }
}
