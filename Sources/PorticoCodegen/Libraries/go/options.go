package sdk

import (
	"context"
	"math/rand"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ClientOptions say where the API is, who is calling, and how patient the client is. The zero value calls DefaultBaseURL
// without credentials.
type ClientOptions struct {
	// BaseURL is the address of the API with its stage or base path. ExecuteAPIURL and CustomDomainURL make one.
	BaseURL string

	// APIKey is sent as x-api-key by operations that need one.
	APIKey string

	// Token is sent by operations that need one.
	Token string

	// TokenProvider gives the token for each attempt, instead of Token.
	TokenProvider func(ctx context.Context) (string, error)

	// BasicAuth is the user of operations with HTTP basic authentication.
	BasicAuth *BasicAuth

	// Keys are the values of other keys by the name of their header or query parameter.
	Keys map[string]string

	// Credentials sign requests by Signature Version 4. Unless set they come from the environment.
	Credentials CredentialsProvider

	// Region is the one that requests are signed for. Unless set it comes from BaseURL, else from the environment.
	Region string

	// Timeout is how long an attempt may take: 30 seconds if it is 0, without end if it is negative.
	Timeout time.Duration

	// TotalTimeout is how long a call may take with all its attempts; without end if it is 0. A streamed body counts.
	TotalTimeout time.Duration

	// MaxRetries is how often a call is tried again: 3 times if it is 0, never if it is negative.
	MaxRetries int

	// Transport sends the requests; unless set, the client makes one like http.DefaultTransport.
	Transport http.RoundTripper

	// BeforeAttempt is called before each attempt is signed and sent, and may change the request's headers.
	BeforeAttempt func(attempt *CallAttempt)

	// AfterAttempt is called when an attempt has ended.
	AfterAttempt func(result *CallAttemptResult)

	// Sleep waits between attempts; it ends early with the context's error. Tests replace it.
	Sleep func(ctx context.Context, duration time.Duration) error

	// Random gives numbers from 0 to below 1 for the waits. Tests replace it.
	Random func() float64

	// Now tells the time for signatures and dates. Tests replace it.
	Now func() time.Time
}

// BasicAuth is a user with a password.
type BasicAuth struct {
	Username string
	Password string
}

// CallAttempt is one request of a call.
type CallAttempt struct {
	// Operation is the name of the operation in the API.
	Operation string

	// Number counts from 1.
	Number int

	// Request is what is sent. Its body must not be read.
	Request *http.Request
}

// CallAttemptResult is how an attempt ended.
type CallAttemptResult struct {
	CallAttempt

	// StatusCode is the status of the answer; 0 without one.
	StatusCode int

	// Err is why there is no answer, or not all of it.
	Err error

	// Duration is the time from sending to the end of the answer, or to its head if the body is streamed.
	Duration time.Duration
}

// CallOption changes one call.
type CallOption func(*callOptions)

type callOptions struct {
	header         http.Header
	contentType    string
	idempotencyKey string
	timeout        time.Duration
	maxRetries     int
	response       *RawResponse
}

// WithIdempotencyKey sends a key by which the API recognises repetitions, so that any operation may be tried again.
func WithIdempotencyKey(key string) CallOption {
	return func(o *callOptions) { o.idempotencyKey = key }
}

// WithHeader sends a header.
func WithHeader(name, value string) CallOption {
	return func(o *callOptions) { o.header.Set(name, value) }
}

// WithContentType sends the body with another media type than the API declares.
func WithContentType(mediaType string) CallOption {
	return func(o *callOptions) { o.contentType = mediaType }
}

// WithTimeout sets how long an attempt of this call may take, as ClientOptions.Timeout does.
func WithTimeout(timeout time.Duration) CallOption {
	return func(o *callOptions) { o.timeout = timeout }
}

// WithMaxRetries sets how often this call is tried again, as ClientOptions.MaxRetries does.
func WithMaxRetries(maxRetries int) CallOption {
	return func(o *callOptions) { o.maxRetries = maxRetries }
}

// WithResponse stores status, headers, request id and bytes of the answer, whatever comes of the call.
func WithResponse(response *RawResponse) CallOption {
	return func(o *callOptions) { o.response = response }
}

// ExecuteAPIURL returns the address of a stage of an API in a region.
func ExecuteAPIURL(apiID, region, stage string) string {
	suffix := ".amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		suffix += ".cn"
	}
	address := "https://" + apiID + ".execute-api." + region + suffix
	// The stage $default of an HTTP API is at the root.
	if stage == "$default" {
		return address
	}
	return address + "/" + stage
}

// CustomDomainURL returns the address of a custom domain name with a base path, which may be empty.
func CustomDomainURL(domain, basePath string) string {
	return strings.TrimSuffix("https://"+domain+"/"+strings.Trim(basePath, "/"), "/")
}

const (
	defaultTimeout    = 30 * time.Second
	defaultMaxRetries = 3
)

// Client calls the API. It is safe for concurrent use, and keeps connections; make one and share it.
type Client struct {
	options ClientOptions
	baseURL string
	region  string
}

// NewClient makes a client.
func NewClient(options ClientOptions) (*Client, error) {
	if options.BaseURL == "" {
		options.BaseURL = DefaultBaseURL
	}
	// A connection is opened by a request of HTTP.
	if scheme, rest, ok := strings.Cut(options.BaseURL, "://"); ok && (scheme == "ws" || scheme == "wss") {
		options.BaseURL = "http" + strings.TrimPrefix(scheme, "ws") + "://" + rest
	}
	base, err := url.Parse(options.BaseURL)
	switch {
	case err != nil:
		return nil, &InvalidArgumentError{Name: "BaseURL", Reason: err.Error()}
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "":
		return nil, &InvalidArgumentError{Name: "BaseURL", Reason: "expected http://host or https://host"}
	case base.RawQuery != "" || base.Fragment != "" || base.User != nil:
		return nil, &InvalidArgumentError{Name: "BaseURL", Reason: "user, query and fragment are not sent"}
	}
	keys := make(map[string]string, len(options.Keys))
	for name, value := range options.Keys {
		keys[name] = value
	}
	options.Keys = keys
	if options.Credentials == nil {
		options.Credentials = EnvironmentCredentials
	}
	if options.Timeout == 0 {
		options.Timeout = defaultTimeout
	}
	if options.MaxRetries == 0 {
		options.MaxRetries = defaultMaxRetries
	}
	if options.Transport == nil {
		options.Transport = newTransport()
	}
	if options.Sleep == nil {
		options.Sleep = sleep
	}
	if options.Random == nil {
		options.Random = rand.Float64
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	region := options.Region
	if region == "" {
		region = defaultRegion(base.Hostname())
	}
	return &Client{options: options, baseURL: strings.TrimRight(options.BaseURL, "/"), region: region}, nil
}

func newTransport() http.RoundTripper {
	if standard, ok := http.DefaultTransport.(*http.Transport); ok {
		transport := standard.Clone()
		// All requests go to one host.
		transport.MaxIdleConnsPerHost = transport.MaxIdleConns
		return transport
	}
	return http.DefaultTransport
}

func sleep(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
