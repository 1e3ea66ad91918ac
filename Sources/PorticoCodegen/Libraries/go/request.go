package sdk

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// identity says how a caller proves who it is.
type identity int

const (
	nobody identity = iota
	signedIdentity
	tokenIdentity
	bearerIdentity
	basicIdentity
	headerKeyIdentity
	queryKeyIdentity
)

// security says what an operation needs.
type security struct {
	identity identity

	// name is the header or query parameter of a token or key.
	name string

	needsAPIKey bool
}

// listStyle is how a list is written: each element by itself if it is empty, else joined by it.
type listStyle string

const (
	repeated listStyle = ""
	commas   listStyle = ","
	blanks   listStyle = " "
	pipes    listStyle = "|"
	tabs     listStyle = "\t"
)

// request is a call before it is sent. Its methods are called in the order of the URL; the first mistake stays.
type request struct {
	operation   string
	method      string
	path        strings.Builder
	query       strings.Builder
	header      http.Header
	body        []byte
	stream      io.Reader
	contentType string
	accept      string
	security    security
	errors      []errorCase
	err         error
}

func newRequest(operation, method string, security security) *request {
	return &request{operation: operation, method: method, header: http.Header{}, security: security}
}

func (r *request) fail(name, reason string) {
	if r.err == nil {
		r.err = &InvalidArgumentError{Name: name, Reason: reason}
	}
}

// literal adds fixed text to the path, which is encoded already.
func (r *request) literal(text string) { r.path.WriteString(text) }

// segment adds a parameter to the path.
func (r *request) segment(name string, value any) { r.pathParameter(name, value, false) }

// rest adds a greedy parameter to the path, which keeps its slashes.
func (r *request) rest(name string, value any) { r.pathParameter(name, value, true) }

func (r *request) pathParameter(name string, value any, keepsSlashes bool) {
	texts, _ := r.texts(name, value)
	text := strings.Join(texts, ",")
	if text == "" {
		r.fail(name, "a path parameter must not be empty")
	}
	segments := []string{text}
	if keepsSlashes {
		segments = strings.Split(text, "/")
	}
	for _, segment := range segments {
		// They would lead to another path, encoded or not: RFC 3986, section 5.2.4.
		if segment == "." || segment == ".." {
			r.fail(name, "a segment of a path must not be "+strconv.Quote(segment))
		}
	}
	r.path.WriteString(percentEncode(text, keepsSlashes))
}

// parameter adds a query parameter, unless its value is nil.
func (r *request) parameter(name string, value any, style listStyle) {
	texts, ok := r.texts(name, value)
	if !ok {
		return
	}
	if style != repeated && len(texts) > 0 {
		// The separator is what the style says, encoded like the rest of the value: only commas and blanks may look so.
		texts = []string{strings.Join(texts, string(style))}
	}
	for _, text := range texts {
		r.addQuery(name, text)
	}
}

func (r *request) addQuery(name, value string) {
	if r.query.Len() > 0 {
		r.query.WriteByte('&')
	}
	r.query.WriteString(percentEncode(name, false) + "=" + percentEncode(value, false))
}

// headerParameter adds a header, unless its value is nil.
func (r *request) headerParameter(name string, value any) {
	texts, ok := r.texts(name, value)
	if ok && len(texts) > 0 {
		r.header.Set(name, strings.Join(texts, ","))
	}
}

// texts writes a value, or the elements of a list; false stands for no value.
func (r *request) texts(name string, value any) ([]string, bool) {
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, false
		}
		v = v.Elem()
	}
	if planOf(v.Type()).class != classList {
		return []string{r.text(name, v)}, true
	}
	texts := make([]string, v.Len())
	for i := range texts {
		texts[i] = r.text(name, v.Index(i))
	}
	return texts, !v.IsNil()
}

func (r *request) text(name string, v reflect.Value) string {
	switch planOf(v.Type()).class {
	case classString:
		return v.String()
	case classBool:
		return strconv.FormatBool(v.Bool())
	case classInt:
		return strconv.FormatInt(v.Int(), 10)
	case classFloat:
		return formatFloat(v.Float())
	case classBytes:
		return base64.StdEncoding.EncodeToString(v.Bytes())
	case classDate:
		return v.Interface().(Date).String()
	case classTime:
		text, err := formatTimestamp(v.Interface().(time.Time))
		if err != nil {
			r.fail(name, err.Error())
		}
		return text
	case classPointer:
		// An element that is null has no text of its own.
		if v.IsNil() {
			return ""
		}
		return r.text(name, v.Elem())
	}
	r.fail(name, "it has no text")
	return ""
}

// jsonBody sends a value as JSON.
func (r *request) jsonBody(value any, mediaType string) {
	if raw, ok := value.(json.RawMessage); ok && raw == nil {
		r.fail("Body", "it must be given")
		return
	}
	body, err := encodeJSON(value)
	if err != nil {
		var place *jsonError
		if errors.As(err, &place) {
			r.fail("Body "+place.path, place.reason)
		} else {
			r.fail("Body", err.Error())
		}
	}
	r.body = body
	r.contentType = mediaType
}

// textBody sends text.
func (r *request) textBody(text, mediaType string) {
	r.body = []byte(text)
	r.contentType = mediaType
}

// streamBody sends what a reader gives. What is in memory already can be sent again.
func (r *request) streamBody(reader io.Reader, mediaType string) {
	switch reader := reader.(type) {
	case nil:
		r.fail("Body", "it must be given")
	case *bytes.Buffer:
		r.body = reader.Bytes()
	default:
		r.stream = reader
	}
	r.contentType = mediaType
}

// fails declares the error of a status.
func (r *request) fails(status int, make func(response *ResponseError) (error, error)) {
	r.errors = append(r.errors, errorCase{status: status, make: make})
}
