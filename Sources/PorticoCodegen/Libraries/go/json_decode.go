package sdk

import (
	"encoding/base64"
	"math"
	"reflect"
	"strconv"
	"time"
)

// decodeJSON reads JSON into what target points to. Unlike encoding/json it tells names apart by case, asks for the
// properties that must be there, and says where in the document something is wrong.
func decodeJSON(data []byte, target any) error {
	d := decoder{scanner{data: data}}
	if err := d.value(reflect.ValueOf(target).Elem()); err != nil {
		return err
	}
	return d.end()
}

type decoder struct{ scanner }

// value reads the next value into an addressable v.
func (d *decoder) value(v reflect.Value) error {
	plan := planOf(v.Type())
	switch plan.class {
	case classRaw:
		raw, err := d.skip()
		if err != nil {
			return err
		}
		v.SetBytes(append([]byte(nil), raw...))
		return nil
	case classPointer:
		if d.peek() == kindNull {
			v.SetZero()
			return d.null()
		}
		target := reflect.New(v.Type().Elem())
		if err := d.value(target.Elem()); err != nil {
			return err
		}
		v.Set(target)
		return nil
	case classNullable:
		target := v.Addr().Interface().(nullableTarget)
		if d.peek() == kindNull {
			target.SetNull()
			return d.null()
		}
		return d.value(reflect.ValueOf(target.target()).Elem())
	case classBool:
		if err := d.expect(kindBoolean); err != nil {
			return err
		}
		flag, err := d.boolean()
		v.SetBool(flag)
		return err
	case classInt, classFloat:
		return d.numeric(v, plan.class)
	case classString, classBytes, classTime, classDate:
		return d.textual(v, plan.class)
	case classList:
		return d.list(v)
	case classMap:
		return d.mapping(v)
	case classStruct:
		return d.structure(v, plan)
	case classUnion:
		return d.unionVariant(v, plan.union)
	}
	return d.fail("cannot read into " + v.Type().String())
}

func (d *decoder) numeric(v reflect.Value, class valueClass) error {
	if err := d.expect(kindNumber); err != nil {
		return err
	}
	text, err := d.number()
	if err != nil {
		return err
	}
	if class == classFloat {
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return d.fail("number " + text + " is out of range")
		}
		v.SetFloat(number)
		return nil
	}
	number, err := strconv.ParseInt(text, 10, v.Type().Bits())
	if err == nil {
		v.SetInt(number)
		return nil
	}
	// 2.0 and 2e3 are whole numbers as well; a double holds those below 2^53 exactly.
	float, floatErr := strconv.ParseFloat(text, 64)
	isWhole := floatErr == nil && float == math.Trunc(float)
	if isWhole && math.Abs(float) < 1<<53 && !v.OverflowInt(int64(float)) {
		v.SetInt(int64(float))
		return nil
	}
	if !isWhole {
		return d.fail("expected a whole number, found " + text)
	}
	return d.fail("number " + text + " does not fit into " + strconv.Itoa(v.Type().Bits()) + " bits")
}

func (d *decoder) textual(v reflect.Value, class valueClass) error {
	if err := d.expect(kindString); err != nil {
		return err
	}
	text, err := d.text()
	if err != nil {
		return err
	}
	switch class {
	case classBytes:
		bytes, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return d.fail("expected Base64")
		}
		v.SetBytes(bytes)
	case classTime:
		instant, err := parseTimestamp(text)
		if err != nil {
			return d.fail("expected a time such as 2026-01-02T03:04:05Z, found " + strconv.Quote(text))
		}
		v.Set(reflect.ValueOf(instant))
	case classDate:
		date, err := ParseDate(text)
		if err != nil {
			return d.fail("expected a date such as 2026-01-02, found " + strconv.Quote(text))
		}
		v.Set(reflect.ValueOf(date))
	default:
		v.SetString(text)
	}
	return nil
}

func (d *decoder) list(v reflect.Value) error {
	if err := d.expect(kindArray); err != nil {
		return err
	}
	elements := reflect.MakeSlice(v.Type(), 0, 4)
	zero := reflect.Zero(v.Type().Elem())
	err := d.array(func(index int) error {
		elements = reflect.Append(elements, zero)
		return d.value(elements.Index(index))
	})
	v.Set(elements)
	return err
}

func (d *decoder) mapping(v reflect.Value) error {
	if err := d.expect(kindObject); err != nil {
		return err
	}
	entries := reflect.MakeMap(v.Type())
	err := d.object(func(name string) error { return d.entry(entries, name) })
	v.Set(entries)
	return err
}

func (d *decoder) entry(entries reflect.Value, name string) error {
	entry := reflect.New(entries.Type().Elem()).Elem()
	if err := d.value(entry); err != nil {
		return err
	}
	entries.SetMapIndex(reflect.ValueOf(name), entry)
	return nil
}

func (d *decoder) structure(v reflect.Value, plan *typePlan) error {
	if err := d.expect(kindObject); err != nil {
		return err
	}
	v.SetZero()
	seen := make([]bool, len(plan.fields))
	err := d.object(func(name string) error {
		if i, ok := plan.byName[name]; ok {
			seen[i] = true
			return d.field(v.Field(plan.fields[i].index), plan.fields[i])
		}
		if plan.additional < 0 {
			_, err := d.skip()
			return err
		}
		entries := v.Field(plan.additional)
		if entries.IsNil() {
			entries.Set(reflect.MakeMap(entries.Type()))
		}
		return d.entry(entries, name)
	})
	if err != nil {
		return err
	}
	for i, field := range plan.fields {
		if !seen[i] && !field.isOptional {
			d.path.property(field.name)
			return d.fail("the property is missing")
		}
	}
	return nil
}

// field reads the value of a property. An optional one that is null, which its type does not allow, is taken for absent.
func (d *decoder) field(v reflect.Value, field fieldPlan) error {
	if field.isOptional && d.peek() == kindNull {
		switch planOf(v.Type()).class {
		case classRaw, classNullable:
		default:
			v.SetZero()
			return d.null()
		}
	}
	if field.isOptional && v.Kind() == reflect.Pointer {
		target := reflect.New(v.Type().Elem())
		if err := d.value(target.Elem()); err != nil {
			return err
		}
		v.Set(target)
		return nil
	}
	return d.value(v)
}

// unionVariant finds the variant that the value is, and keeps the JSON of one that is none.
func (d *decoder) unionVariant(v reflect.Value, spec *unionSpec) error {
	kind := d.peek()
	start := d.pos
	depth := len(d.path.steps)
	level := d.depth
	index, err := d.variant(spec, kind)
	if err != nil {
		return err
	}
	d.pos = start
	d.path.steps = d.path.steps[:depth]
	d.depth = level
	v.SetZero()
	field := v.Field(index)
	if index < len(spec.variants) && field.Kind() == reflect.Pointer {
		target := reflect.New(field.Type().Elem())
		field.Set(target)
		field = target.Elem()
	}
	return d.value(field)
}

// variant returns the index of the variant that the next value is, or the number of variants. It moves on.
func (d *decoder) variant(spec *unionSpec, kind jsonKind) (int, error) {
	members := map[string]string{}
	if kind == kindObject {
		err := d.object(func(name string) error {
			if d.peek() != kindString {
				members[name] = ""
				_, err := d.skip()
				return err
			}
			text, err := d.text()
			members[name] = text
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	for i, variant := range spec.variants {
		if spec.discriminator != "" {
			if kind == kindObject && contains(variant.values, members[spec.discriminator]) {
				return i, nil
			}
		} else if variant.matches(kind, members) {
			return i, nil
		}
	}
	return len(spec.variants), nil
}

func (s variantSpec) matches(kind jsonKind, members map[string]string) bool {
	if s.kind == kindAny {
		return true
	}
	if s.kind != kind {
		return false
	}
	for _, name := range s.required {
		if _, ok := members[name]; !ok {
			return false
		}
	}
	for _, constant := range s.constants {
		if !contains(constant.values, members[constant.property]) {
			return false
		}
	}
	return true
}

func contains(texts []string, text string) bool {
	for _, candidate := range texts {
		if candidate == text {
			return true
		}
	}
	return false
}

// parseTimestamp reads RFC 3339, section 5.6.
func parseTimestamp(text string) (time.Time, error) {
	upper := []byte(text)
	for i, c := range upper {
		if c == 't' || c == 'z' {
			upper[i] = c - 'a' + 'A'
		}
	}
	return time.Parse(time.RFC3339Nano, string(upper))
}
