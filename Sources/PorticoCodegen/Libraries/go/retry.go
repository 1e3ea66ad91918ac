package sdk

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"strconv"
	"time"
)

const (
	firstWait      = 100 * time.Millisecond
	longestWait    = 20 * time.Second
	longestAskedOf = 60 * time.Second
)

// wait says how long to wait before the attempt after the one of that number; false if there should be none.
func (c *call) wait(ctx context.Context, number int, err error) (time.Duration, bool) {
	if number > c.maxRetries || !c.isWorthRepeating(err) || !c.body.canRepeat() {
		return 0, false
	}
	wait, isAsked := c.askedWait(err)
	if !isAsked {
		limit := longestWait
		if doublings := number - 1; doublings < 8 {
			limit = min(limit, firstWait<<doublings)
		}
		wait = time.Duration(c.client.options.Random() * float64(limit))
	} else if wait > longestAskedOf {
		return 0, false
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return 0, false
	}
	return wait, true
}

// isWorthRepeating tells whether the next attempt may do better, and does no harm.
func (c *call) isWorthRepeating(err error) bool {
	var response *ResponseError
	if errors.As(err, &response) && response.StatusCode == http.StatusTooManyRequests {
		return true
	}
	if !isIdempotent(c.request.method) && c.options.idempotencyKey == "" {
		return false
	}
	if response != nil {
		switch response.StatusCode {
		case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable,
			http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var timeout *TimeoutError
	if errors.As(err, &timeout) {
		return !timeout.IsTotal
	}
	var certificate *tls.CertificateVerificationError
	var transport *TransportError
	return errors.As(err, &transport) && !errors.As(err, &certificate)
}

// isIdempotent tells whether a repetition does no harm. Source: RFC 9110, section 9.2.2.
func isIdempotent(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// askedWait reads Retry-After: seconds or a date. Source: RFC 9110, section 10.2.3.
func (c *call) askedWait(err error) (time.Duration, bool) {
	var response *ResponseError
	if !errors.As(err, &response) {
		return 0, false
	}
	text := response.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return max(0, date.Sub(c.client.options.Now())), true
}
