package sdk

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// OperationError is what every method of Client returns when it fails. errors.As and errors.Is see what it wraps:
// *ResponseError and the types that the API declares, *GatewayError, *TransportError, *TimeoutError, *DecodingError,
// *MissingOptionError, *InvalidArgumentError, *PagingError, or the error of a cancelled context.
type OperationError struct {
	// Operation is the name of the operation in the API.
	Operation string

	// Err says what happened.
	Err error
}

// Error says which operation failed, and why.
func (e *OperationError) Error() string { return e.Operation + ": " + e.Err.Error() }

// Unwrap returns what happened.
func (e *OperationError) Unwrap() error { return e.Err }

// TransportError means that there was no answer, or not all of it.
type TransportError struct {
	// Err is what the transport said.
	Err error
}

// Error says why there was no answer.
func (e *TransportError) Error() string { return "no answer: " + e.Err.Error() }

// Unwrap returns what the transport said.
func (e *TransportError) Unwrap() error { return e.Err }

// TimeoutError means that an attempt or the whole call took too long.
type TimeoutError struct {
	// IsTotal tells whether it was the whole call, with its repetitions.
	IsTotal bool
}

// Error says what took too long.
func (e *TimeoutError) Error() string {
	if e.IsTotal {
		return "the call took too long"
	}
	return "the attempt took too long"
}

// Timeout marks the error for those who ask as for a net.Error.
func (e *TimeoutError) Timeout() bool { return true }

// Unwrap returns context.DeadlineExceeded.
func (e *TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// DecodingError means that an answer was not what the API declares.
type DecodingError struct {
	// Path leads to the wrong place, such as $.pets[0].name.
	Path string

	// Reason says what is wrong there.
	Reason string

	// Response is the whole answer.
	Response *RawResponse
}

// Error says what is wrong, and where.
func (e *DecodingError) Error() string {
	return fmt.Sprintf("unexpected answer (status %d): %s: %s", e.Response.StatusCode, e.Path, e.Reason)
}

// MissingOptionError means that an operation needs something that the client does not have. Nothing was sent.
type MissingOptionError struct {
	// Option is the field of ClientOptions to set.
	Option string

	// Err is why a provider gave nothing, if there is one.
	Err error
}

// Error says which option to set.
func (e *MissingOptionError) Error() string {
	text := "nothing was sent: set " + e.Option + " of ClientOptions"
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns what a provider said.
func (e *MissingOptionError) Unwrap() error { return e.Err }

// InvalidArgumentError means that an input or option cannot be used. Nothing was sent.
type InvalidArgumentError struct {
	// Name is the input or option, or its place in a body.
	Name string

	// Reason says what is wrong with it.
	Reason string
}

// Error says what is wrong with which argument.
func (e *InvalidArgumentError) Error() string { return "invalid " + e.Name + ": " + e.Reason }

// PagingError means that the API gave the same token twice in a row, so that paging would never end.
type PagingError struct {
	// Token is the token.
	Token string
}

// Error shows the token.
func (e *PagingError) Error() string { return "the same page token twice: " + strconv.Quote(e.Token) }

// RawResponse is what came over the wire.
type RawResponse struct {
	// StatusCode is the HTTP status.
	StatusCode int

	// Header has the headers.
	Header http.Header

	// RequestID is what AWS calls the request, if the answer says so.
	RequestID string

	// Body has the bytes of the body; nil if it is streamed.
	Body []byte
}

// ResponseError is an answer with a status other than 2xx.
type ResponseError struct {
	RawResponse

	// ErrorType is the gateway's name for the error, if it made the answer itself.
	ErrorType string

	// Message is the message in the body, if there is one.
	Message string
}

// Error says the status, and the message if there is one.
func (e *ResponseError) Error() string {
	var text strings.Builder
	text.WriteString("status " + strconv.Itoa(e.StatusCode))
	if e.ErrorType != "" {
		text.WriteString(" " + e.ErrorType)
	}
	if e.Message != "" {
		text.WriteString(": " + e.Message)
	}
	if e.RequestID != "" {
		text.WriteString(" (request " + e.RequestID + ")")
	}
	return text.String()
}

// GatewayError is an answer that the gateway made itself: no route, no key, too many requests, and so on.
type GatewayError struct{ *ResponseError }

// Unwrap returns the answer.
func (e *GatewayError) Unwrap() error { return e.ResponseError }

// errorCase is an error that an operation declares for a status; 0 stands for all others.
type errorCase struct {
	status int
	make   func(response *ResponseError) (error, error)
}

// responseError makes the error of an answer.
func responseError(response *RawResponse, cases []errorCase) error {
	base := &ResponseError{RawResponse: *response}
	var body struct {
		Lower string `json:"message,omitempty"`
		Upper string `json:"Message,omitempty"`
	}
	if decodeJSON(response.Body, &body) == nil {
		base.Message = body.Lower
		if base.Message == "" {
			base.Message = body.Upper
		}
	}
	if name := response.Header.Get("X-Amzn-Errortype"); name != "" {
		base.ErrorType, _, _ = strings.Cut(name, ":")
		return &GatewayError{base}
	}
	for _, declared := range cases {
		if declared.status == response.StatusCode || declared.status == 0 {
			if err, decodingError := declared.make(base); decodingError == nil {
				return err
			}
			break
		}
	}
	return base
}
