package portico.runtime;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Values as text of paths, queries, headers and JSON. */
final class ValueText {
    private static final DateTimeFormatter SECONDS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final String DIGITS = "0123456789ABCDEF";
    /** Up to here doubles hold every whole number, so those are written without a point. */
    private static final double LARGEST_WHOLE = 1e15;

    private ValueText() {}

    /** A scalar as text; {@code null}, an element of a list that may be null, is empty. */
    static String of(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Double) {
            return of(((Double) value).doubleValue());
        }
        if (value instanceof Instant) {
            return of((Instant) value);
        }
        return value.toString();
    }

    static String of(double value) {
        boolean isNegativeZero = Double.doubleToRawLongBits(value) == Long.MIN_VALUE;
        if (value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE && !isNegativeZero) {
            return Long.toString((long) value);
        }
        return Double.toString(value);
    }

    /** RFC 3339 in UTC, with as many digits of the fraction as it has. */
    static String of(Instant value) {
        String text = SECONDS.format(value);
        if (value.getNano() != 0) {
            String fraction = String.format(java.util.Locale.ROOT, "%09d", value.getNano());
            text += "." + fraction.replaceAll("0+$", "");
        }
        return text + "Z";
    }

    /** The time of an RFC 3339 text with any offset. */
    static Instant instant(String text) {
        return OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
    }

    /** Everything but the unreserved characters of RFC 3986 percent-encoded; besides, {@code kept} stays. */
    static String encoded(String text, String kept) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            if (next > 0 && (UNRESERVED.indexOf(next) >= 0 || kept.indexOf(next) >= 0)) {
                result.append((char) next);
            } else {
                result.append('%').append(DIGITS.charAt(next >> 4 & 15)).append(DIGITS.charAt(next & 15));
            }
        }
        return result.toString();
    }
}
