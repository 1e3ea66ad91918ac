package sdk

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a day without a time and without a place.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of an instant in the instant's location.
func DateOf(instant time.Time) Date {
	year, month, day := instant.Date()
	return Date{Year: year, Month: month, Day: day}
}

// ParseDate reads a day such as 2026-01-02 (RFC 3339, full-date).
func ParseDate(text string) (Date, error) {
	instant, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, &InvalidArgumentError{Name: "date", Reason: strconv.Quote(text) + " is no date"}
	}
	return DateOf(instant), nil
}

// String writes the day as 2026-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// In returns midnight of the day in a location.
func (d Date) In(location *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, location)
}

// Before tells whether the day is before another.
func (d Date) Before(other Date) bool { return d.In(time.UTC).Before(other.In(time.UTC)) }

// After tells whether the day is after another.
func (d Date) After(other Date) bool { return other.Before(d) }

// IsZero tells whether the day is the zero value.
func (d Date) IsZero() bool { return d == Date{} }

// MarshalText writes the day as 2026-01-02.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a day such as 2026-01-02.
func (d *Date) UnmarshalText(text []byte) error {
	date, err := ParseDate(string(text))
	if err == nil {
		*d = date
	}
	return err
}
