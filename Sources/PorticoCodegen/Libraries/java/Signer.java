package portico.runtime;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4. Source: "AWS Signature Version 4 for API requests"; where that is silent, botocore's
 * {@code SigV4Auth}.
 */
public final class Signer {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** Headers that those between client and gateway change. */
    private static final Set<String> UNSIGNED = Set.of(
        "user-agent", "x-amzn-trace-id", "expect", "connection", "transfer-encoding", "content-length",
        "accept-encoding");

    private Signer() {}

    /**
     * The headers that sign a request: {@code X-Amz-Date}, {@code X-Amz-Security-Token} for sessions, and
     * {@code Authorization}.
     *
     * @param url as it is sent, percent-encoded
     * @param headers with their values in the order in which they are sent; {@code Host} is that of the URL if it is
     *     not among them
     */
    public static Map<String, String> sign(
        String method, String url, Map<String, ? extends List<String>> headers, byte[] body, Credentials credentials,
        String region, String service, Instant time) {
        URI uri = URI.create(url);
        String timeText = TIME.format(time);
        Map<String, String> added = new LinkedHashMap<>();
        added.put("X-Amz-Date", timeText);
        credentials.sessionToken().ifPresent(token -> added.put("X-Amz-Security-Token", token));

        Map<String, String> signed = new TreeMap<>();
        headers.forEach((name, values) -> values.forEach(value -> addHeader(signed, name, value)));
        signed.putIfAbsent("host", host(uri));
        added.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
        String names = String.join(";", signed.keySet());
        StringBuilder request = new StringBuilder(method).append('\n').append(path(uri)).append('\n')
            .append(query(uri)).append('\n');
        signed.forEach((name, value) -> request.append(name).append(':').append(value).append('\n'));
        request.append('\n').append(names).append('\n').append(hex(digest(body)));

        String day = timeText.substring(0, 8);
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String text = ALGORITHM + "\n" + timeText + "\n" + scope + "\n" + hex(digest(utf8(request.toString())));
        byte[] key = utf8("AWS4" + credentials.secretAccessKey());
        for (String part : List.of(day, region, service, "aws4_request", text)) {
            key = hmac(key, part);
        }
        added.put("Authorization", ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + scope
            + ", SignedHeaders=" + names + ", Signature=" + hex(key));
        return added;
    }

    private static void addHeader(Map<String, String> signed, String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (UNSIGNED.contains(lower)) {
            return;
        }
        signed.merge(lower, String.join(" ", value.trim().split("\\s+")), (first, next) -> first + "," + next);
    }

    /** As {@link java.net.http.HttpClient} writes it: without the port that the scheme has anyway. */
    private static String host(URI uri) {
        int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return uri.getPort() < 0 || uri.getPort() == usual ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /**
     * The path as it is sent without empty and dotted segments, each segment encoded once more, as services other than
     * S3 want it.
     */
    private static String path(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(ValueText.encoded(segment, ""));
            }
        }
        return "/" + String.join("/", segments) + (path.endsWith("/") && !segments.isEmpty() ? "/" : "");
    }

    private static String query(URI uri) {
        if (uri.getRawQuery() == null || uri.getRawQuery().isEmpty()) {
            return "";
        }
        List<String[]> pairs = new ArrayList<>();
        for (String part : uri.getRawQuery().split("&", -1)) {
            String[] pair = part.split("=", 2);
            pairs.add(new String[] {pair[0], pair.length > 1 ? pair[1] : ""});
        }
        pairs.sort((first, second) -> Arrays.compare(first, second));
        StringJoiner joined = new StringJoiner("&");
        for (String[] pair : pairs) {
            joined.add(pair[0] + "=" + pair[1]);
        }
        return joined.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            // Every Java has SHA-256 and its HMAC.
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 2);
        for (byte next : bytes) {
            text.append(Character.forDigit(next >> 4 & 15, 16)).append(Character.forDigit(next & 15, 16));
        }
        return text.toString();
    }
}
