package sdk

import "context"

// Pager goes through the pages of a result: Next until More says no, or All and Pages, which a for loop can range over
// from Go 1.23 on. It is not safe for concurrent use.
type Pager[P, T any] struct {
	operation string
	fetch     func(ctx context.Context, token *string) (P, error)
	read      func(page P) (token string, items []T)
	token     *string
	isDone    bool
	items     []T
}

func newPager[P, T any](
	operation string,
	token *string,
	fetch func(ctx context.Context, token *string) (P, error),
	read func(page P) (token string, items []T),
) *Pager[P, T] {
	return &Pager[P, T]{operation: operation, token: token, fetch: fetch, read: read}
}

// More tells whether there may be another page.
func (p *Pager[P, T]) More() bool { return !p.isDone }

// Next gets the next page. After an error it may be called again, for the same page.
func (p *Pager[P, T]) Next(ctx context.Context) (P, error) {
	page, err := p.fetch(ctx, p.token)
	if err != nil {
		var none P
		return none, err
	}
	token, items := p.read(page)
	p.items = items
	switch {
	case token == "":
		p.isDone = true
	case p.token != nil && *p.token == token:
		p.isDone = true
		var none P
		return none, &OperationError{Operation: p.operation, Err: &PagingError{Token: token}}
	default:
		p.token = &token
	}
	return page, nil
}

// Items returns the items of the page that Next got last.
func (p *Pager[P, T]) Items() []T { return p.items }

// Pages goes through all pages that are left. An error comes last.
func (p *Pager[P, T]) Pages(ctx context.Context) func(yield func(P, error) bool) {
	return func(yield func(P, error) bool) {
		for p.More() {
			page, err := p.Next(ctx)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// All goes through the items of all pages that are left. An error comes last.
func (p *Pager[P, T]) All(ctx context.Context) func(yield func(T, error) bool) {
	return func(yield func(T, error) bool) {
		for p.More() {
			if _, err := p.Next(ctx); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}
