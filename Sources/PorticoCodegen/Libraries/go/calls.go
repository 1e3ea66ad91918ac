package sdk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
)

// callPointer returns a structure or union.
func callPointer[T any](ctx context.Context, c *Client, r *request, options []CallOption) (*T, error) {
	value, err := callValue[T](ctx, c, r, options)
	if err != nil {
		return nil, err
	}
	return &value, nil
}

// callValue returns any JSON value. An answer without body is no value, except where there may be none.
func callValue[T any](ctx context.Context, c *Client, r *request, options []CallOption) (T, error) {
	var value T
	result, err := c.send(ctx, r, false, options)
	if err != nil {
		return value, err
	}
	class := planOf(reflect.TypeOf(&value).Elem()).class
	if len(bytes.TrimSpace(result.Body)) == 0 && (class == classPointer || class == classRaw) {
		return value, nil
	}
	if err := decodeJSON(result.Body, &value); err != nil {
		var none T
		failure := &DecodingError{Path: "$", Reason: err.Error(), Response: &result.RawResponse}
		var place *jsonError
		if errors.As(err, &place) {
			failure.Path, failure.Reason = place.path, place.reason
		}
		return none, &OperationError{Operation: r.operation, Err: failure}
	}
	return value, nil
}

// callNothing takes an answer whose body means nothing.
func callNothing(ctx context.Context, c *Client, r *request, options []CallOption) error {
	_, err := c.send(ctx, r, false, options)
	return err
}

// callText returns the body as text.
func callText(ctx context.Context, c *Client, r *request, options []CallOption) (string, error) {
	body, err := callBytes(ctx, c, r, options)
	return string(body), err
}

// callBytes returns the body.
func callBytes(ctx context.Context, c *Client, r *request, options []CallOption) ([]byte, error) {
	r.accept = "*/*"
	result, err := c.send(ctx, r, false, options)
	if err != nil {
		return nil, err
	}
	return result.Body, nil
}

// callStream returns the body as it comes. It must be closed.
func callStream(ctx context.Context, c *Client, r *request, options []CallOption) (io.ReadCloser, error) {
	r.accept = "*/*"
	result, err := c.send(ctx, r, true, options)
	if err != nil {
		return nil, err
	}
	return result.stream, nil
}
