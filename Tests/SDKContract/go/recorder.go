package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"time"

	"contract"
)

// object is a JSON object.
type object = map[string]any

var background = context.Background()

// recorder is what a scenario sees of its client.
type recorder struct {
	mutex    sync.Mutex
	waits    []int64
	attempts []any
	before   []int
	isTimed  bool
}

// client makes a client that does not wait and is recorded.
func (r *recorder) client(baseURL string, changes ...func(*contract.ClientOptions)) *contract.Client {
	r.waits, r.attempts, r.before, r.isTimed = []int64{}, []any{}, []int{}, true
	options := contract.ClientOptions{
		BaseURL: baseURL,
		Random:  func() float64 { return 0.5 },
		Sleep: func(_ context.Context, duration time.Duration) error {
			r.mutex.Lock()
			defer r.mutex.Unlock()
			r.waits = append(r.waits, duration.Milliseconds())
			return nil
		},
		AfterAttempt: func(result *contract.CallAttemptResult) {
			r.mutex.Lock()
			defer r.mutex.Unlock()
			r.isTimed = r.isTimed && result.Duration >= 0
			if result.Err != nil {
				r.attempts = append(r.attempts, "failed")
			} else {
				r.attempts = append(r.attempts, result.StatusCode)
			}
		},
	}
	for _, change := range changes {
		change(&options)
	}
	return must(contract.NewClient(options))
}

func (r *recorder) gateway(changes ...func(*contract.ClientOptions)) *contract.Client {
	return r.client(os.Getenv("CONTRACT_URL"), changes...)
}

func (r *recorder) echo(changes ...func(*contract.ClientOptions)) *contract.Client {
	return r.client(os.Getenv("CONTRACT_ECHO_URL"), changes...)
}

// echoWord is a client of the echo server that behaves as a word says.
func (r *recorder) echoWord(word string, changes ...func(*contract.ClientOptions)) *contract.Client {
	return r.client(os.Getenv("CONTRACT_ECHO_URL")+"/"+word, changes...)
}

// describe says what an error is, as SCENARIOS.md has it.
func describe(err error) any {
	var operation *contract.OperationError
	if !errors.As(err, &operation) {
		return object{"error": "foreign", "type": err.Error()}
	}
	var (
		gateway   *contract.GatewayError
		response  *contract.ResponseError
		notFound  *contract.NotFoundError
		conflict  *contract.ConflictError
		other     *contract.DefaultError
		decoding  *contract.DecodingError
		transport *contract.TransportError
		timeout   *contract.TimeoutError
		option    *contract.MissingOptionError
		argument  *contract.InvalidArgumentError
		paging    *contract.PagingError
	)
	switch {
	case errors.As(err, &gateway):
		return object{
			"error": "gateway", "status": gateway.StatusCode, "errorType": gateway.ErrorType,
			"message": optional(gateway.Message), "requestId": gateway.RequestID != "",
		}
	case errors.As(err, &notFound):
		return declared(notFound.ResponseError, problem(notFound.Body))
	case errors.As(err, &conflict):
		return declared(conflict.ResponseError, object{"id": conflict.Body.ID, "count": conflict.Body.Count})
	case errors.As(err, &other):
		return declared(other.ResponseError, problem(other.Body))
	case errors.As(err, &response):
		return object{"error": "response", "status": response.StatusCode, "message": optional(response.Message)}
	case errors.As(err, &decoding):
		return object{"error": "decoding", "path": decoding.Path}
	case errors.As(err, &timeout):
		return object{"error": "timeout"}
	case errors.As(err, &transport):
		return object{"error": "transport"}
	case errors.As(err, &option), errors.As(err, &argument):
		return object{"error": "argument"}
	case errors.As(err, &paging):
		return object{"error": "paging"}
	}
	return object{"error": "unknown", "type": err.Error()}
}

func declared(err *contract.ResponseError, body any) any {
	return object{
		"error": "declared", "status": err.StatusCode, "message": optional(err.Message), "requestId": err.RequestID != "",
		"body": body,
	}
}

func problem(body contract.Problem) any {
	return object{"code": body.Code, "message": body.Message, "detail": body.Detail}
}

// optional is null for text that is not there.
func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// header is a header of an echo: null if it was not sent.
func header(echo *contract.Echo, name string) any {
	if values, ok := echo.Headers[name]; ok {
		return values
	}
	return nil
}

// exact writes a number of 64 bits as text.
func exact(number int64) string { return strconv.FormatInt(number, 10) }
