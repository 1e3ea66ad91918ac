package portico.runtime;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a client: where it calls, who is calling, and how long it tries. */
public final class ClientBuilder<C> {
    private static final Pattern GATEWAY_HOST =
        Pattern.compile("[^.]+\\.execute-api\\.([^.]+)\\.amazonaws\\.com(\\.cn)?");

    private final Function<Transport, C> make;
    final String userAgent;
    String baseUrl;
    String region;
    String apiKey;
    Provider<String> token;
    Provider<Credentials> credentials = () -> Provider.fixed(Credentials.fromEnvironment()).get();
    String user;
    String password;
    final Map<String, String> keys = new HashMap<>();
    Duration attemptTimeout = Duration.ofSeconds(30);
    Duration deadline;
    int maxRetries = 3;
    Consumer<Attempt> before = attempt -> {};
    Consumer<AttemptResult> after = result -> {};
    HttpClient httpClient;
    Clock clock = Clock.systemUTC();
    Sleeper sleeper = Sleeper.TIMER;
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

    /** Begins a client. Generated classes call it. */
    public ClientBuilder(String defaultBaseUrl, String userAgent, Function<Transport, C> make) {
        this.baseUrl = defaultBaseUrl;
        this.userAgent = userAgent;
        this.make = make;
    }

    /** The address of the API with its stage, as {@code https://example.com/prod}. */
    public ClientBuilder<C> baseUrl(String url) {
        this.baseUrl = Arguments.required(url, "baseUrl");
        return this;
    }

    /** The API of an id in a region of AWS; the region is also the one that is signed for. */
    public ClientBuilder<C> api(String id, String region, String stage) {
        String suffix = region.startsWith("cn-") ? ".amazonaws.com.cn/" : ".amazonaws.com/";
        // The stage $default of an HTTP API is at the root.
        String path = stage.equals("$default") ? "" : stage;
        return baseUrl("https://" + id + ".execute-api." + region + suffix + path).region(region);
    }

    /** An API at a custom domain. */
    public ClientBuilder<C> domain(String domain) {
        return baseUrl("https://" + domain);
    }

    /** An API at a base path of a custom domain. */
    public ClientBuilder<C> domain(String domain, String basePath) {
        return baseUrl("https://" + domain + "/" + basePath);
    }

    /** The region that is signed for; not needed with {@link #api} and with an address of API Gateway. */
    public ClientBuilder<C> region(String region) {
        this.region = Arguments.required(region, "region");
        return this;
    }

    /** The key that is sent as {@code x-api-key} where an operation needs one. */
    public ClientBuilder<C> apiKey(String key) {
        Arguments.checkHeader("x-api-key", Arguments.required(key, "apiKey"));
        this.apiKey = key;
        return this;
    }

    /** The token of the caller. */
    public ClientBuilder<C> token(String token) {
        return token(Provider.fixed(Arguments.required(token, "token")));
    }

    /** Gives the token of the caller, for each attempt. */
    public ClientBuilder<C> token(Provider<String> provider) {
        this.token = Arguments.required(provider, "token");
        return this;
    }

    /** User and password of the caller. */
    public ClientBuilder<C> basic(String user, String password) {
        this.user = Arguments.required(user, "user");
        this.password = Arguments.required(password, "password");
        return this;
    }

    /** A key of the caller, by the name of the header or query parameter that carries it. */
    public ClientBuilder<C> key(String name, String value) {
        keys.put(name, Arguments.required(value, name));
        return this;
    }

    /** The credentials to sign with, instead of those of the environment. */
    public ClientBuilder<C> credentials(Credentials credentials) {
        return credentials(Provider.fixed(Arguments.required(credentials, "credentials")));
    }

    /** Gives the credentials to sign with, for each attempt. */
    public ClientBuilder<C> credentials(Provider<Credentials> provider) {
        this.credentials = Arguments.required(provider, "credentials");
        return this;
    }

    /** How long an attempt may take: 30 seconds unless set. */
    public ClientBuilder<C> attemptTimeout(Duration timeout) {
        this.attemptTimeout = Arguments.positive(timeout, "attemptTimeout");
        return this;
    }

    /** How long a call may take with all attempts and waits: without limit unless set. */
    public ClientBuilder<C> deadline(Duration deadline) {
        this.deadline = Arguments.positive(deadline, "deadline");
        return this;
    }

    /** How often a call is tried again: 3 times unless set. */
    public ClientBuilder<C> maxRetries(int maxRetries) {
        this.maxRetries = Arguments.notNegative(maxRetries, "maxRetries");
        return this;
    }

    /** Is called before each attempt, and may change its headers. */
    public ClientBuilder<C> beforeAttempt(Consumer<Attempt> hook) {
        this.before = before.andThen(hook);
        return this;
    }

    /** Is called after each attempt. */
    public ClientBuilder<C> afterAttempt(Consumer<AttemptResult> hook) {
        this.after = after.andThen(hook);
        return this;
    }

    /** What connects, with proxy, trust and executor of your own. It must not follow redirects. */
    public ClientBuilder<C> httpClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new InvalidArgumentException("the HTTP client must not follow redirects");
        }
        this.httpClient = client;
        return this;
    }

    /** What time it is for signatures and {@code Retry-After}. */
    public ClientBuilder<C> clock(Clock clock) {
        this.clock = Arguments.required(clock, "clock");
        return this;
    }

    /** Waits between attempts. */
    public ClientBuilder<C> sleeper(Sleeper sleeper) {
        this.sleeper = Arguments.required(sleeper, "sleeper");
        return this;
    }

    /** Gives random numbers of 0 up to 1, by which waits differ. */
    public ClientBuilder<C> random(DoubleSupplier random) {
        this.random = Arguments.required(random, "random");
        return this;
    }

    /** The client. It is safe for use by many threads, and keeps connections: make one and share it. */
    public C build() {
        // A connection is opened by a request of HTTP.
        if (baseUrl.matches("(?i)wss?://.*")) {
            baseUrl = "http" + baseUrl.substring(2);
        }
        while (baseUrl.endsWith("/")) {
            baseUrl = baseUrl.substring(0, baseUrl.length() - 1);
        }
        URI uri;
        try {
            uri = URI.create(baseUrl);
        } catch (IllegalArgumentException failure) {
            throw new InvalidArgumentException("'baseUrl' is no URL: " + failure.getMessage());
        }
        boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!isHttp || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new InvalidArgumentException("'baseUrl' must be an http or https address without query: " + baseUrl);
        }
        if (region == null) {
            Matcher host = GATEWAY_HOST.matcher(uri.getHost());
            region = host.matches() ? host.group(1) : null;
        }
        return make.apply(new Transport(this));
    }
}
