package sdk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"time"
)

// AWSCredentials are keys of AWS.
type AWSCredentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
}

// CredentialsProvider gives the credentials for each attempt. It should keep them until they expire.
type CredentialsProvider func(ctx context.Context) (AWSCredentials, error)

// StaticCredentials always gives the same credentials.
func StaticCredentials(credentials AWSCredentials) CredentialsProvider {
	return func(context.Context) (AWSCredentials, error) { return credentials, nil }
}

// EnvironmentCredentials reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Without them it gives
// empty credentials.
func EnvironmentCredentials(context.Context) (AWSCredentials, error) {
	return AWSCredentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
	}, nil
}

// defaultRegion reads the region from the host of a stage, else from the environment.
func defaultRegion(host string) string {
	labels := strings.Split(host, ".")
	for i, label := range labels {
		if label == "execute-api" && i+2 < len(labels) && labels[i+2] == "amazonaws" {
			return labels[i+1]
		}
	}
	if region := os.Getenv("AWS_REGION"); region != "" {
		return region
	}
	return os.Getenv("AWS_DEFAULT_REGION")
}

// unsignedHeaders may be changed on the way. Source: botocore, SIGNED_HEADERS_BLACKLIST, and what net/http writes.
var unsignedHeaders = map[string]bool{
	"accept-encoding":   true,
	"authorization":     true,
	"connection":        true,
	"content-length":    true,
	"expect":            true,
	"transfer-encoding": true,
	"user-agent":        true,
	"x-amzn-trace-id":   true,
}

// SigningRequest is what Signature Version 4 looks at.
type SigningRequest struct {
	Method string

	// URL is the address as it is sent, percent-encoded.
	URL string

	// Header has the headers that are sent. Host comes from the URL unless it is there.
	Header http.Header

	Body        []byte
	Credentials AWSCredentials
	Region      string
	Service     string
	Time        time.Time
}

// Sign returns the headers that sign a request: Authorization, X-Amz-Date and, with a session token,
// X-Amz-Security-Token. Source: AWS, "Create a signed AWS API request".
func Sign(request SigningRequest) (http.Header, error) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return nil, &InvalidArgumentError{Name: "URL", Reason: err.Error()}
	}
	instant := request.Time.UTC().Format("20060102T150405Z")
	added := http.Header{"X-Amz-Date": {instant}}
	if request.Credentials.SessionToken != "" {
		added.Set("X-Amz-Security-Token", request.Credentials.SessionToken)
	}
	names, headers := canonicalHeaders(request.Header, added, canonicalHost(address))
	payload := sha256.Sum256(request.Body)
	canonical := strings.Join([]string{
		request.Method, canonicalPath(address.EscapedPath()), canonicalQuery(address.RawQuery), headers, names,
		hex.EncodeToString(payload[:]),
	}, "\n")
	digest := sha256.Sum256([]byte(canonical))
	scope := strings.Join([]string{instant[:8], request.Region, request.Service, "aws4_request"}, "/")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", instant, scope, hex.EncodeToString(digest[:])}, "\n")
	key := []byte("AWS4" + request.Credentials.SecretAccessKey)
	for _, part := range append(strings.Split(scope, "/"), text) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	added.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+request.Credentials.AccessKeyID+"/"+scope+
		", SignedHeaders="+names+", Signature="+hex.EncodeToString(key))
	return added, nil
}

// canonicalHost is the Host header that goes with an address: without the scheme's own port.
func canonicalHost(address *url.URL) string {
	port := address.Port()
	if address.Scheme == "https" && port == "443" || address.Scheme == "http" && port == "80" {
		return strings.TrimSuffix(address.Host, ":"+port)
	}
	return address.Host
}

// canonicalHeaders returns the names, and the lines with their values.
func canonicalHeaders(sent, added http.Header, host string) (names, lines string) {
	values := map[string]string{"host": host}
	for _, headers := range []http.Header{sent, added} {
		for name, list := range headers {
			name = strings.ToLower(name)
			if unsignedHeaders[name] {
				continue
			}
			folded := make([]string, len(list))
			for i, value := range list {
				folded[i] = strings.Join(strings.Fields(value), " ")
			}
			values[name] = strings.Join(folded, ",")
		}
	}
	sorted := make([]string, 0, len(values))
	for name := range values {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	var text strings.Builder
	for _, name := range sorted {
		text.WriteString(name + ":" + values[name] + "\n")
	}
	return strings.Join(sorted, ";"), text.String()
}

// canonicalPath removes empty and dot segments, and encodes the encoded path once more.
func canonicalPath(path string) string {
	var segments []string
	for _, segment := range strings.Split(path, "/") {
		switch segment {
		case "", ".":
		case "..":
			if len(segments) > 0 {
				segments = segments[:len(segments)-1]
			}
		default:
			segments = append(segments, percentEncode(segment, false))
		}
	}
	text := "/" + strings.Join(segments, "/")
	if strings.HasSuffix(path, "/") && len(segments) > 0 {
		text += "/"
	}
	return text
}

// canonicalQuery sorts the encoded parameters by name, then by value.
func canonicalQuery(query string) string {
	if query == "" {
		return ""
	}
	type pair struct{ name, value string }
	var pairs []pair
	for _, part := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, pair{name, value})
	}
	sort.Slice(pairs, func(i, j int) bool {
		if pairs[i].name != pairs[j].name {
			return pairs[i].name < pairs[j].name
		}
		return pairs[i].value < pairs[j].value
	})
	texts := make([]string, len(pairs))
	for i, pair := range pairs {
		texts[i] = pair.name + "=" + pair.value
	}
	return strings.Join(texts, "&")
}

const upperHexDigits = "0123456789ABCDEF"

// percentEncode encodes everything but unreserved characters (RFC 3986, section 2.3) and, if asked for, slashes.
func percentEncode(text string, keepsSlashes bool) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '.', c == '_', c == '~', c == '/' && keepsSlashes:
			out.WriteByte(c)
		default:
			out.WriteByte('%')
			out.WriteByte(upperHexDigits[c>>4])
			out.WriteByte(upperHexDigits[c&15])
		}
	}
	return out.String()
}
