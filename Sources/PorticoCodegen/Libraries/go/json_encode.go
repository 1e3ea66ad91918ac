package sdk

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"reflect"
	"sort"
	"strconv"
	"time"
	"unicode/utf8"
)

// encodeJSON writes a value. Unlike encoding/json it does not escape <, > and &, and writes lists that are nil as [].
func encodeJSON(value any) ([]byte, error) {
	e := encoder{}
	if err := e.value(reflect.ValueOf(value)); err != nil {
		return nil, err
	}
	return e.out, nil
}

type encoder struct {
	out  []byte
	path jsonPath
}

func (e *encoder) fail(reason string) error { return &jsonError{path: e.path.String(), reason: reason} }

func (e *encoder) value(v reflect.Value) error {
	if !v.IsValid() {
		e.out = append(e.out, "null"...)
		return nil
	}
	// A structure that contains itself by a pointer has no JSON.
	if len(e.path.steps) > maxDepth {
		return e.fail("nested deeper than " + strconv.Itoa(maxDepth) + " levels")
	}
	plan := planOf(v.Type())
	switch plan.class {
	case classRaw:
		return e.raw(v.Bytes())
	case classPointer:
		if v.IsNil() {
			e.out = append(e.out, "null"...)
			return nil
		}
		return e.value(v.Elem())
	case classNullable:
		return e.value(reflect.ValueOf(v.Interface().(nullableValue).content()))
	case classBool:
		e.out = strconv.AppendBool(e.out, v.Bool())
	case classInt:
		e.out = strconv.AppendInt(e.out, v.Int(), 10)
	case classFloat:
		return e.float(v.Float())
	case classString:
		e.text(v.String())
	case classBytes:
		e.text(base64.StdEncoding.EncodeToString(v.Bytes()))
	case classTime:
		text, err := formatTimestamp(v.Interface().(time.Time))
		if err != nil {
			return e.fail(err.Error())
		}
		e.text(text)
	case classDate:
		e.text(v.Interface().(Date).String())
	case classList:
		return e.list(v)
	case classMap:
		e.out = append(e.out, '{')
		if err := e.entries(v, true); err != nil {
			return err
		}
		e.out = append(e.out, '}')
	case classStruct:
		return e.structure(v, plan)
	case classUnion:
		return e.unionVariant(v, plan.union)
	default:
		return e.fail("cannot write " + v.Type().String())
	}
	return nil
}

func (e *encoder) raw(raw json.RawMessage) error {
	if raw == nil {
		e.out = append(e.out, "null"...)
		return nil
	}
	s := scanner{data: raw}
	if _, err := s.skip(); err != nil {
		return e.fail("the raw value is not valid JSON")
	}
	if err := s.end(); err != nil {
		return e.fail("the raw value is not valid JSON")
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return e.fail("the raw value is not valid JSON")
	}
	e.out = append(e.out, compact.Bytes()...)
	return nil
}

func (e *encoder) float(number float64) error {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return e.fail("JSON has no " + strconv.FormatFloat(number, 'g', -1, 64))
	}
	e.out = append(e.out, formatFloat(number)...)
	return nil
}

// formatFloat writes the shortest text that means the number, without an exponent where that is readable.
func formatFloat(number float64) string {
	if size := math.Abs(number); size != 0 && (size < 1e-6 || size >= 1e21) {
		return strconv.FormatFloat(number, 'e', -1, 64)
	}
	return strconv.FormatFloat(number, 'f', -1, 64)
}

func (e *encoder) list(v reflect.Value) error {
	e.out = append(e.out, '[')
	for i := 0; i < v.Len(); i++ {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.path.element(i)
		if err := e.value(v.Index(i)); err != nil {
			return err
		}
		e.path.leave()
	}
	e.out = append(e.out, ']')
	return nil
}

// entries writes the members of a map in the order of their names, so that the same value is the same text.
func (e *encoder) entries(v reflect.Value, isFirst bool) error {
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	for _, key := range keys {
		if err := e.member(key.String(), v.MapIndex(key), isFirst); err != nil {
			return err
		}
		isFirst = false
	}
	return nil
}

func (e *encoder) member(name string, v reflect.Value, isFirst bool) error {
	if !isFirst {
		e.out = append(e.out, ',')
	}
	e.text(name)
	e.out = append(e.out, ':')
	e.path.property(name)
	if err := e.value(v); err != nil {
		return err
	}
	e.path.leave()
	return nil
}

func (e *encoder) structure(v reflect.Value, plan *typePlan) error {
	e.out = append(e.out, '{')
	isFirst := true
	for _, field := range plan.fields {
		value := v.Field(field.index)
		if field.isOptional && isAbsent(value) {
			continue
		}
		if field.constant != "" && value.IsZero() {
			value = reflect.ValueOf(field.constant)
		}
		if err := e.member(field.name, value, isFirst); err != nil {
			return err
		}
		isFirst = false
	}
	if plan.additional >= 0 {
		others := v.Field(plan.additional)
		for _, key := range others.MapKeys() {
			if _, ok := plan.byName[key.String()]; ok {
				return e.fail("additional property " + strconv.Quote(key.String()) + " has a field of its own")
			}
		}
		if err := e.entries(others, isFirst); err != nil {
			return err
		}
	}
	e.out = append(e.out, '}')
	return nil
}

// isAbsent tells whether an optional field has no value.
func isAbsent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.Struct:
		nullable, ok := v.Interface().(nullableValue)
		return ok && !nullable.IsSet()
	}
	return false
}

func (e *encoder) unionVariant(v reflect.Value, spec *unionSpec) error {
	found := -1
	for i := 0; i <= len(spec.variants); i++ {
		if v.Field(i).IsNil() {
			continue
		}
		if found >= 0 {
			return e.fail("only one variant of " + v.Type().Name() + " can be set")
		}
		found = i
	}
	if found < 0 {
		return e.fail("no variant of " + v.Type().Name() + " is set")
	}
	return e.value(v.Field(found))
}

const hexDigits = "0123456789abcdef"

// text writes a string. Bytes that are no UTF-8 become U+FFFD.
func (e *encoder) text(text string) {
	e.out = append(e.out, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			e.out = append(e.out, '\\', byte(r))
		case r == '\n':
			e.out = append(e.out, '\\', 'n')
		case r == '\r':
			e.out = append(e.out, '\\', 'r')
		case r == '\t':
			e.out = append(e.out, '\\', 't')
		case r < ' ':
			e.out = append(e.out, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			e.out = utf8.AppendRune(e.out, r)
		}
	}
	e.out = append(e.out, '"')
}

// formatTimestamp writes RFC 3339 in UTC, with a fraction only if there is one.
func formatTimestamp(instant time.Time) (string, error) {
	instant = instant.UTC()
	if year := instant.Year(); year < 0 || year > 9999 {
		return "", &InvalidArgumentError{Name: "time", Reason: "RFC 3339 has no year " + strconv.Itoa(year)}
	}
	return instant.Format(time.RFC3339Nano), nil
}
