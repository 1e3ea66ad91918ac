package sdk

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"time"
)

// maxDepth is how deep JSON may be nested, so that no answer can exhaust the stack.
const maxDepth = 1000

// valueClass says how values of a Go type are read and written.
type valueClass int

const (
	classString valueClass = iota
	classBool
	classInt
	classFloat
	classBytes
	classTime
	classDate
	classRaw
	classList
	classMap
	classPointer
	classNullable
	classStruct
	classUnion
	classUnsupported
)

// fieldPlan says how a field of a structure is read and written.
type fieldPlan struct {
	name       string
	index      int
	isOptional bool
	constant   string
}

// typePlan says how values of a type are read and written. It is made once for each type.
type typePlan struct {
	class      valueClass
	fields     []fieldPlan
	byName     map[string]int
	additional int
	union      *unionSpec
}

// unionSpec tells the variants of a union apart. Variant i is field i of the union; the field behind the last variant
// keeps the JSON of a value that is no variant.
type unionSpec struct {
	discriminator string
	variants      []variantSpec
}

// variantSpec is what the JSON of a variant looks like.
type variantSpec struct {
	values    []string
	kind      jsonKind
	required  []string
	constants []constantSpec
}

// constantSpec is a property that must have one of some texts.
type constantSpec struct {
	property string
	values   []string
}

// unionValue is implemented by unions.
type unionValue interface{ unionSpec() *unionSpec }

// nullableValue is implemented by Nullable, whatever it holds.
type nullableValue interface {
	IsSet() bool
	content() any
}

// nullableTarget is implemented by pointers to Nullable.
type nullableTarget interface {
	SetNull()
	target() any
}

var (
	plans sync.Map

	rawType      = reflect.TypeOf(json.RawMessage(nil))
	bytesType    = reflect.TypeOf([]byte(nil))
	timeType     = reflect.TypeOf(time.Time{})
	dateType     = reflect.TypeOf(Date{})
	unionType    = reflect.TypeOf((*unionValue)(nil)).Elem()
	nullableType = reflect.TypeOf((*nullableValue)(nil)).Elem()
)

// planOf returns the plan of a type. It does not look into the types of fields, so recursive types are no matter.
func planOf(t reflect.Type) *typePlan {
	if known, ok := plans.Load(t); ok {
		return known.(*typePlan)
	}
	plan := &typePlan{class: classOf(t), additional: -1}
	switch plan.class {
	case classStruct:
		plan.addFields(t)
	case classUnion:
		plan.union = reflect.Zero(t).Interface().(unionValue).unionSpec()
	}
	known, _ := plans.LoadOrStore(t, plan)
	return known.(*typePlan)
}

func classOf(t reflect.Type) valueClass {
	switch t {
	case rawType:
		return classRaw
	case bytesType:
		return classBytes
	case timeType:
		return classTime
	case dateType:
		return classDate
	}
	switch t.Kind() {
	case reflect.String:
		return classString
	case reflect.Bool:
		return classBool
	case reflect.Int, reflect.Int32, reflect.Int64:
		return classInt
	case reflect.Float64:
		return classFloat
	case reflect.Slice:
		return classList
	case reflect.Map:
		return classMap
	case reflect.Pointer:
		return classPointer
	case reflect.Struct:
		switch {
		case t.Implements(nullableType):
			return classNullable
		case t.Implements(unionType):
			return classUnion
		}
		return classStruct
	}
	return classUnsupported
}

// addFields reads the tags: json names the property and says with omitempty that it may be absent; wire names it where
// a json tag cannot; constant is the only value that it may have; additional marks the map of all other properties.
func (p *typePlan) addFields(t reflect.Type) {
	p.byName = make(map[string]int, t.NumField())
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		if _, ok := field.Tag.Lookup("additional"); ok {
			p.additional = i
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if wire, ok := field.Tag.Lookup("wire"); ok {
			name = wire
		}
		p.byName[name] = len(p.fields)
		p.fields = append(p.fields, fieldPlan{
			name:       name,
			index:      i,
			isOptional: options == "omitempty",
			constant:   field.Tag.Get("constant"),
		})
	}
}
