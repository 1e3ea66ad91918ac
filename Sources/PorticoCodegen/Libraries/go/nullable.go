package sdk

// Ptr returns a pointer to a copy of the value, for optional fields.
func Ptr[T any](value T) *T { return &value }

// Nullable is the value of a field that may be absent, null, or there. Its zero value is absent, and not written.
type Nullable[T any] struct {
	value *T
	isSet bool
}

// NullableOf returns a field that is there.
func NullableOf[T any](value T) Nullable[T] { return Nullable[T]{value: &value, isSet: true} }

// NullOf returns a field that is null.
func NullOf[T any]() Nullable[T] { return Nullable[T]{isSet: true} }

// Get returns the value, and whether there is one: an absent or null field has none.
func (n Nullable[T]) Get() (T, bool) {
	if n.value == nil {
		var none T
		return none, false
	}
	return *n.value, true
}

// IsSet tells whether the field is there, null or not.
func (n Nullable[T]) IsSet() bool { return n.isSet }

// IsNull tells whether the field is there and null.
func (n Nullable[T]) IsNull() bool { return n.isSet && n.value == nil }

// Set gives the field a value.
func (n *Nullable[T]) Set(value T) { *n = NullableOf(value) }

// SetNull makes the field null.
func (n *Nullable[T]) SetNull() { *n = NullOf[T]() }

// Unset makes the field absent.
func (n *Nullable[T]) Unset() { *n = Nullable[T]{} }

// MarshalJSON writes the value, or null if there is none. Structures of this package leave an absent field out.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return encodeJSON(n) }

// UnmarshalJSON reads a value or null.
func (n *Nullable[T]) UnmarshalJSON(data []byte) error { return decodeJSON(data, n) }

func (n Nullable[T]) content() any { return n.value }

func (n *Nullable[T]) target() any {
	n.value = new(T)
	n.isSet = true
	return n.value
}
