package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"contract"
)

func gatewayURL(path string) string { return os.Getenv("CONTRACT_URL") + "/" + path }

func maxRetries(count int) change { return func(o *contract.ClientOptions) { o.MaxRetries = count } }

func timeout(duration time.Duration) change {
	return func(o *contract.ClientOptions) { o.Timeout = duration }
}

func totalTimeout(duration time.Duration) change {
	return func(o *contract.ClientOptions) { o.TotalTimeout = duration }
}

func retryGet(client *contract.Client, plan string) (*contract.Attempt, error) {
	return client.RetryGet(background, &contract.RetryGetInput{Plan: plan})
}

func retryPost(client *contract.Client, plan string, options ...contract.CallOption) (*contract.Attempt, error) {
	return client.RetryPost(background, &contract.RetryPostInput{Plan: plan}, options...)
}

// succeeded reports an attempt that succeeded.
func (r *recorder) succeeded(attempt *contract.Attempt, err error) any {
	return object{"attempt": must(attempt, err).Attempt, "attempts": r.attempts, "waits": r.waits}
}

// gaveUp reports a call that failed.
func (r *recorder) gaveUp(attempt *contract.Attempt, err error) any {
	return object{"result": describe(failed(attempt, err)), "attempts": r.attempts, "waits": r.waits}
}

var retryScenarios = map[string]scenario{
	"retry.throttled":      func(r *recorder) any { return r.succeeded(retryGet(r.gateway(), "throttled")) },
	"retry.throttled-post": func(r *recorder) any { return r.succeeded(retryPost(r.gateway(), "throttled")) },
	"retry.flaky":          func(r *recorder) any { return r.succeeded(retryGet(r.gateway(), "flaky")) },
	"retry.flaky-post":     func(r *recorder) any { return r.gaveUp(retryPost(r.gateway(), "flaky")) },
	"retry.flaky-post-key": func(r *recorder) any {
		attempt := must(retryPost(r.gateway(), "flaky", contract.WithIdempotencyKey("key-1")))
		return object{
			"attempt": attempt.Attempt, "idempotencyKey": attempt.IdempotencyKey, "attempts": r.attempts,
			"waits": r.waits,
		}
	},
	"retry.exhausted": func(r *recorder) any { return r.gaveUp(retryGet(r.gateway(), "dead")) },
	"retry.never":     func(r *recorder) any { return r.gaveUp(retryGet(r.gateway(maxRetries(-1)), "dead")) },
	"retry.longest-wait": func(r *recorder) any {
		_ = failed(retryGet(r.gateway(maxRetries(9)), "dead"))
		return r.waits
	},
	"retry.patient": func(r *recorder) any { return r.gaveUp(retryGet(r.gateway(), "patient")) },
	"retry.past-deadline": func(r *recorder) any {
		return r.gaveUp(retryGet(r.gateway(totalTimeout(time.Second)), "throttled"))
	},
	"retry.date": func(r *recorder) any {
		must(r.echoWord("date").CallQuery(background, nil))
		waited := len(r.waits) == 1 && r.waits[0] >= 7000 && r.waits[0] <= 10000
		return object{"attempts": r.attempts, "waited": waited}
	},
	"retry.refused": func(r *recorder) any {
		return r.gaveUp(retryGet(r.client(os.Getenv("CONTRACT_REFUSED_URL")), "x"))
	},
	"retry.refused-post": func(r *recorder) any {
		return r.gaveUp(retryPost(r.client(os.Getenv("CONTRACT_REFUSED_URL")), "x"))
	},
	"retry.broken": func(r *recorder) any {
		echo := must(r.echoWord("broken").CallQuery(background, nil))
		return object{"method": echo.Method, "attempts": r.attempts}
	},
	"retry.truncated": func(r *recorder) any {
		err := failed(r.echoWord("truncated").CallQuery(background, nil))
		return object{"result": describe(err), "attempts": r.attempts}
	},
	"retry.hooks": func(r *recorder) any {
		hook := func(o *contract.ClientOptions) {
			o.BeforeAttempt = func(attempt *contract.CallAttempt) {
				r.before = append(r.before, attempt.Number)
				attempt.Request.Header.Set("X-Hook", "attempt-"+strconv.Itoa(attempt.Number))
			}
		}
		attempt := must(retryGet(r.gateway(hook), "flaky"))
		return object{"hook": attempt.Hook, "before": r.before, "after": r.attempts, "durations": r.isTimed}
	},
}

var timeScenarios = map[string]scenario{
	"time.attempt": func(r *recorder) any {
		client := r.client(os.Getenv("CONTRACT_SILENT_URL"), timeout(200*time.Millisecond), maxRetries(1))
		return r.gaveUp(retryGet(client, "x"))
	},
	"time.slow-body": func(r *recorder) any {
		client := r.echoWord("slow", timeout(300*time.Millisecond), maxRetries(-1))
		err := failed(client.CallQuery(background, nil))
		return object{"result": describe(err), "attempts": r.attempts}
	},
	"time.deadline": func(r *recorder) any {
		start := time.Now()
		client := r.client(os.Getenv("CONTRACT_SILENT_URL"), totalTimeout(300*time.Millisecond))
		err := failed(retryGet(client, "x"))
		return object{"result": describe(err), "attempts": r.attempts, "quick": time.Since(start) < 5*time.Second}
	},
	"time.cancel": func(r *recorder) any {
		start := time.Now()
		client := r.client(os.Getenv("CONTRACT_SILENT_URL"))
		ctx, cancel := context.WithCancel(background)
		time.AfterFunc(100*time.Millisecond, cancel)
		_, err := client.RetryGet(ctx, &contract.RetryGetInput{Plan: "x"})
		return object{
			"cancelled": errors.Is(err, context.Canceled), "waits": r.waits, "quick": time.Since(start) < 5*time.Second,
		}
	},
}

// ids goes through all items of a pager.
func ids(pager *contract.Pager[*contract.ThingPage, contract.Thing]) (ids []string, err error) {
	pager.All(background)(func(thing contract.Thing, failure error) bool {
		if failure != nil {
			err = failure
			return false
		}
		ids = append(ids, thing.ID)
		return true
	})
	return ids, err
}

var pagingScenarios = map[string]scenario{
	"paging.items": func(r *recorder) any { return must(ids(r.gateway().ListThingsPager(nil))) },
	"paging.pages": func(r *recorder) any {
		var sizes []int
		pager := r.gateway().ListThingsPager(&contract.ListThingsInput{Limit: contract.Ptr(int32(2))})
		for pager.More() {
			sizes = append(sizes, len(must(pager.Next(background)).Things))
		}
		return sizes
	},
	"paging.lazy": func(r *recorder) any {
		var id string
		r.gateway().ListThingsPager(nil).All(background)(func(thing contract.Thing, err error) bool {
			id = must(thing, err).ID
			return false
		})
		return object{"id": id, "attempts": r.attempts}
	},
	"paging.loop": func(r *recorder) any {
		return describe(failed(ids(r.gateway().ListThingsPager(&contract.ListThingsInput{Mode: contract.Ptr("loop")}))))
	},
	"paging.resume": func(r *recorder) any {
		input := &contract.ListThingsInput{Token: contract.Ptr("page 2&more")}
		return must(ids(r.gateway().ListThingsPager(input)))
	},
}
