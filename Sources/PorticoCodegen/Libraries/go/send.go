package sdk

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"time"
)

// send calls the API: it checks, signs, sends, waits and tries again, and returns the answer with a 2xx status. The body
// of a streamed answer must be closed.
func (c *Client) send(ctx context.Context, r *request, isStreamed bool, options []CallOption) (*answer, error) {
	call, err := c.newCall(r, isStreamed, options)
	if err != nil {
		return nil, &OperationError{Operation: r.operation, Err: err}
	}
	cancel := context.CancelFunc(func() {})
	callContext := ctx
	if c.options.TotalTimeout > 0 {
		callContext, cancel = context.WithTimeout(ctx, c.options.TotalTimeout)
	}
	call.context = callContext
	result, err := call.run(callContext)
	if err != nil {
		cancel()
		return nil, &OperationError{Operation: r.operation, Err: err}
	}
	if result.stream == nil {
		cancel()
	} else {
		result.stream.finish = append(result.stream.finish, cancel)
	}
	return result, nil
}

// answer is what came back.
type answer struct {
	RawResponse

	// stream has the body instead of RawResponse, if it was asked for.
	stream *responseStream
}

// call is a request with what it needs to be sent, several times if need be.
type call struct {
	client     *Client
	request    *request
	options    callOptions
	body       *bodySource
	isStreamed bool
	maxRetries int

	// context is that of the whole call; a streamed body is read under it.
	context context.Context
}

func (c *Client) newCall(r *request, isStreamed bool, options []CallOption) (*call, error) {
	call := &call{client: c, request: r, isStreamed: isStreamed}
	call.options = callOptions{header: http.Header{}, timeout: c.options.Timeout, maxRetries: c.options.MaxRetries}
	for _, option := range options {
		option(&call.options)
	}
	if call.options.timeout == 0 {
		call.options.timeout = defaultTimeout
	}
	switch {
	case call.options.maxRetries > 0:
		call.maxRetries = call.options.maxRetries
	case call.options.maxRetries == 0:
		call.maxRetries = defaultMaxRetries
	}
	if r.err != nil {
		return nil, r.err
	}
	if !isToken(r.method) {
		return nil, &InvalidArgumentError{Name: "method", Reason: strconv.Quote(r.method) + " is no HTTP method"}
	}
	for name, values := range call.options.header {
		r.header[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
	if call.options.idempotencyKey != "" {
		r.header.Set("Idempotency-Key", call.options.idempotencyKey)
	}
	call.setContentType()
	if r.accept == "" {
		r.accept = "application/json"
	}
	if r.header.Get("Accept") == "" {
		r.header.Set("Accept", r.accept)
	}
	if r.header.Get("User-Agent") == "" {
		r.header.Set("User-Agent", userAgent)
	}
	if err := c.authenticate(r); err != nil {
		return nil, err
	}
	if err := checkHeader(r.header); err != nil {
		return nil, err
	}
	call.body = newBodySource(r)
	if r.security.identity == signedIdentity {
		if err := call.body.readAll(); err != nil {
			return nil, &InvalidArgumentError{Name: "Body", Reason: err.Error()}
		}
	}
	return call, nil
}

func (c *call) setContentType() {
	contentType := c.request.contentType
	if contentType != "" && c.options.contentType != "" {
		contentType = c.options.contentType
	}
	if contentType != "" && c.request.header.Get("Content-Type") == "" {
		c.request.header.Set("Content-Type", contentType)
	}
}

// authenticate adds what stays the same for all attempts, and says what is missing.
func (c *Client) authenticate(r *request) error {
	if r.security.needsAPIKey {
		if c.options.APIKey == "" {
			return &MissingOptionError{Option: "APIKey"}
		}
		r.header.Set("X-Api-Key", c.options.APIKey)
	}
	switch r.security.identity {
	case tokenIdentity, bearerIdentity:
		if c.options.Token == "" && c.options.TokenProvider == nil {
			return &MissingOptionError{Option: "Token or TokenProvider"}
		}
	case basicIdentity:
		if c.options.BasicAuth == nil {
			return &MissingOptionError{Option: "BasicAuth"}
		}
		user := http.Request{Header: r.header}
		user.SetBasicAuth(c.options.BasicAuth.Username, c.options.BasicAuth.Password)
	case headerKeyIdentity, queryKeyIdentity:
		key := c.options.Keys[r.security.name]
		if key == "" {
			return &MissingOptionError{Option: "Keys[" + strconv.Quote(r.security.name) + "]"}
		}
		if r.security.identity == headerKeyIdentity {
			r.header.Set(r.security.name, key)
		} else {
			r.addQuery(r.security.name, key)
		}
	case signedIdentity:
		if c.region == "" {
			return &MissingOptionError{Option: "Region"}
		}
	}
	return nil
}

// run makes attempts until one succeeds or there is no hope.
func (c *call) run(ctx context.Context) (*answer, error) {
	for number := 1; ; number++ {
		result, err := c.attempt(ctx, number)
		if err == nil {
			return result, nil
		}
		wait, ok := c.wait(ctx, number, err)
		if !ok {
			return nil, err
		}
		if sleepError := c.client.options.Sleep(ctx, wait); sleepError != nil {
			return nil, c.cause(ctx, sleepError, nil)
		}
	}
}

// attempt sends the request once.
func (c *call) attempt(ctx context.Context, number int) (*answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, c.cause(ctx, err, nil)
	}
	limit := newAttemptLimit(ctx, c.options.timeout)
	request, err := c.newRequest(limit.context, number)
	if err != nil {
		limit.release()
		return nil, err
	}
	attempt := CallAttempt{Operation: c.request.operation, Number: number, Request: request}
	if err := c.prepare(limit.context, &attempt); err != nil {
		limit.release()
		return nil, err
	}
	start := time.Now()
	response, err := c.client.options.Transport.RoundTrip(attempt.Request)
	var result *answer
	status := 0
	if err == nil {
		result, err = c.read(response, limit)
	}
	if err != nil {
		err = c.cause(ctx, err, limit)
		limit.release()
	} else {
		status = result.StatusCode
	}
	if c.client.options.AfterAttempt != nil {
		c.client.options.AfterAttempt(&CallAttemptResult{
			CallAttempt: attempt, StatusCode: status, Err: err, Duration: time.Since(start),
		})
	}
	if err != nil {
		return nil, err
	}
	if c.options.response != nil {
		*c.options.response = result.RawResponse
	}
	if status < 200 || status > 299 {
		return nil, responseError(&result.RawResponse, c.request.errors)
	}
	return result, nil
}

// newRequest makes the request of an attempt, without what depends on the caller's identity.
func (c *call) newRequest(ctx context.Context, number int) (*http.Request, error) {
	r := c.request
	address := c.client.baseURL + r.path.String()
	if r.query.Len() > 0 {
		address += "?" + r.query.String()
	}
	request, err := http.NewRequestWithContext(ctx, r.method, address, nil)
	if err != nil {
		return nil, &InvalidArgumentError{Name: "request", Reason: err.Error()}
	}
	request.Header = r.header.Clone()
	max := strconv.Itoa(c.maxRetries + 1)
	request.Header.Set("Amz-Sdk-Request", "attempt="+strconv.Itoa(number)+"; max="+max)
	if err := c.body.attach(request); err != nil {
		return nil, &InvalidArgumentError{Name: "Body", Reason: err.Error()}
	}
	return request, nil
}

// prepare lets the caller change the request, then adds token or signature.
func (c *call) prepare(ctx context.Context, attempt *CallAttempt) error {
	options := c.client.options
	security := c.request.security
	if security.identity == tokenIdentity || security.identity == bearerIdentity {
		token := options.Token
		if options.TokenProvider != nil {
			var err error
			if token, err = options.TokenProvider(ctx); err != nil || token == "" {
				return &MissingOptionError{Option: "TokenProvider", Err: err}
			}
		}
		if security.identity == bearerIdentity {
			attempt.Request.Header.Set("Authorization", "Bearer "+token)
		} else {
			attempt.Request.Header.Set(security.name, token)
		}
	}
	if options.BeforeAttempt != nil {
		options.BeforeAttempt(attempt)
	}
	if err := checkHeader(attempt.Request.Header); err != nil {
		return err
	}
	// net/http takes the host from the request alone.
	if host := attempt.Request.Header.Get("Host"); host != "" {
		attempt.Request.Host = host
	}
	if security.identity != signedIdentity {
		return nil
	}
	credentials, err := options.Credentials(ctx)
	if err != nil || credentials.AccessKeyID == "" || credentials.SecretAccessKey == "" {
		return &MissingOptionError{Option: "Credentials", Err: err}
	}
	signature, err := Sign(SigningRequest{
		Method: attempt.Request.Method, URL: attempt.Request.URL.String(), Header: attempt.Request.Header,
		Body: c.body.bytes, Credentials: credentials, Region: c.client.region, Service: "execute-api",
		Time: options.Now(),
	})
	for name, values := range signature {
		attempt.Request.Header[name] = values
	}
	return err
}

// read takes the answer. Only a good one is streamed: errors are small, and their text is wanted.
func (c *call) read(response *http.Response, limit *attemptLimit) (*answer, error) {
	result := &answer{RawResponse: RawResponse{StatusCode: response.StatusCode, Header: response.Header}}
	result.RequestID = response.Header.Get("X-Amzn-Requestid")
	if result.RequestID == "" {
		result.RequestID = response.Header.Get("Apigw-Requestid")
	}
	if c.isStreamed && response.StatusCode >= 200 && response.StatusCode <= 299 {
		if !limit.stop() {
			response.Body.Close()
			return nil, context.DeadlineExceeded
		}
		result.stream = &responseStream{call: c, limit: limit, body: response.Body, finish: []func(){limit.release}}
		return result, nil
	}
	defer limit.release()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	result.Body = body
	return result, nil
}

// cause says what an error of the transport means to the caller.
func (c *call) cause(ctx context.Context, err error, limit *attemptLimit) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &TimeoutError{IsTotal: true}
	case ctx.Err() != nil:
		return ctx.Err()
	case limit != nil && limit.isOver():
		return &TimeoutError{}
	}
	return &TransportError{Err: err}
}

// attemptLimit ends an attempt that takes too long. Unlike a context with a deadline it can be called off.
type attemptLimit struct {
	context context.Context
	cancel  context.CancelFunc
	timer   *time.Timer
	over    chan struct{}
}

func newAttemptLimit(ctx context.Context, timeout time.Duration) *attemptLimit {
	limit := &attemptLimit{over: make(chan struct{})}
	limit.context, limit.cancel = context.WithCancel(ctx)
	if timeout > 0 {
		limit.timer = time.AfterFunc(timeout, func() {
			close(limit.over)
			limit.cancel()
		})
	}
	return limit
}

// stop calls the limit off; false if it is over.
func (l *attemptLimit) stop() bool { return l.timer == nil || l.timer.Stop() }

func (l *attemptLimit) release() {
	l.stop()
	l.cancel()
}

func (l *attemptLimit) isOver() bool {
	select {
	case <-l.over:
		return true
	default:
		return false
	}
}

// responseStream is a body on its way.
type responseStream struct {
	call   *call
	limit  *attemptLimit
	body   io.ReadCloser
	finish []func()
}

func (s *responseStream) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	if err != nil && err != io.EOF {
		err = &OperationError{Operation: s.call.request.operation, Err: s.call.cause(s.call.context, err, nil)}
	}
	return n, err
}

func (s *responseStream) Close() error {
	err := s.body.Close()
	for _, finish := range s.finish {
		finish()
	}
	return err
}

// checkHeader refuses what would end a header early.
func checkHeader(header http.Header) error {
	for name, values := range header {
		if !isToken(name) {
			return &InvalidArgumentError{Name: "header", Reason: strconv.Quote(name) + " is no name of a header"}
		}
		for _, value := range values {
			for i := 0; i < len(value); i++ {
				if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
					return &InvalidArgumentError{Name: name, Reason: "a header must not have line breaks or control characters"}
				}
			}
		}
	}
	return nil
}

// isToken tells whether a text can be a method or the name of a header (RFC 9110, section 5.6.2).
func isToken(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		default:
			if !containsByte("!#$%&'*+-.^_`|~", c) {
				return false
			}
		}
	}
	return text != ""
}

func containsByte(text string, c byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] == c {
			return true
		}
	}
	return false
}
