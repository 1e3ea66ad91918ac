package portico.runtime;

/** Who must be calling. Generated classes name one for each call. */
public final class Security {
    enum Kind { NONE, SIGNED, TOKEN, BEARER, BASIC, HEADER_KEY, QUERY_KEY }

    /** Everybody may. */
    public static final Security NONE = new Security(Kind.NONE, "");
    /** Signature Version 4. */
    public static final Security SIGNED = new Security(Kind.SIGNED, "");
    /** A bearer token. */
    public static final Security BEARER = new Security(Kind.BEARER, "Authorization");
    /** User and password. */
    public static final Security BASIC = new Security(Kind.BASIC, "Authorization");

    final Kind kind;
    final String name;

    private Security(Kind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** The token in a header as it is. */
    public static Security token(String header) {
        return new Security(Kind.TOKEN, header);
    }

    /** A key in a header. */
    public static Security headerKey(String name) {
        return new Security(Kind.HEADER_KEY, name);
    }

    /** A key in the query. */
    public static Security queryKey(String name) {
        return new Security(Kind.QUERY_KEY, name);
    }
}
