package portico.runtime;

/** A name with a value, as headers and query parameters are. */
final class Header {
    final String name;
    final String value;

    Header(String name, String value) {
        this.name = name;
        this.value = value;
    }
}
