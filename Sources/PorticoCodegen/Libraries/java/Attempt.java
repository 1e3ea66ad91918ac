package portico.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that is about to be sent. Hooks see it, and may change its headers before it is signed. */
public final class Attempt {
    private final String operation;
    private final int number;
    private final String method;
    private final String url;
    private final List<Header> headers = new ArrayList<>();

    Attempt(String operation, int number, String method, String url) {
        this.operation = operation;
        this.number = number;
        this.method = method;
        this.url = url;
    }

    /** Name of the operation in the API. */
    public String operation() {
        return operation;
    }

    /** The number of the attempt, from 1. */
    public int number() {
        return number;
    }

    /** The HTTP method. */
    public String method() {
        return method;
    }

    /** The URL. */
    public String url() {
        return url;
    }

    /** The values of the headers, by their names. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> map = new LinkedHashMap<>();
        headers.forEach(header -> map.computeIfAbsent(header.name, name -> new ArrayList<>()).add(header.value));
        return Collections.unmodifiableMap(map);
    }

    /** The first value of a header; names have no case. */
    public Optional<String> header(String name) {
        return headers.stream().filter(header -> header.name.equalsIgnoreCase(name)).map(header -> header.value)
            .findFirst();
    }

    /** Sets a header instead of those of the same name. */
    public void setHeader(String name, String value) {
        Arguments.checkHeader(name, Arguments.required(value, name));
        headers.removeIf(header -> header.name.equalsIgnoreCase(name));
        headers.add(new Header(name, value));
    }

    void add(Header header) {
        headers.add(header);
    }

    List<Header> list() {
        return headers;
    }
}
