package main

import (
	"encoding/json"
	"sort"
	"time"

	"contract"
)

var leapDay = contract.Date{Year: 2024, Month: time.February, Day: 29}

// sent calls an operation and returns its value with what was on the wire.
func sent[T any](call func(keep contract.CallOption) (T, error)) (T, string) {
	var response contract.RawResponse
	value := must(call(contract.WithResponse(&response)))
	return value, string(response.Body)
}

func scalars(client *contract.Client, value contract.Scalars) any {
	back, wire := sent(func(keep contract.CallOption) (*contract.Scalars, error) {
		return client.EchoScalars(background, &contract.EchoScalarsInput{Body: value}, keep)
	})
	return object{
		"wire": wire, "kind": back.Kind, "text": back.Text, "flag": back.Flag, "small": back.Small,
		"big": exact(back.Big), "whole": exact(back.Whole), "ratio": back.Ratio, "when": back.When.UnixMilli(),
		"day": back.Day.String(), "data": back.Data, "color": back.Color,
	}
}

// state says whether a field is absent, null or there.
func state[T any](field contract.Nullable[T]) string {
	switch {
	case !field.IsSet():
		return "absent"
	case field.IsNull():
		return "null"
	}
	return "value"
}

// pointerState says the same of a pointer, which has one state less.
func pointerState(field *string, none string) string {
	if field == nil {
		return none
	}
	return "value"
}

func collections(client *contract.Client, value contract.Collections) (*contract.Collections, string) {
	return sent(func(keep contract.CallOption) (*contract.Collections, error) {
		return client.EchoCollections(background, &contract.EchoCollectionsInput{Body: value}, keep)
	})
}

func shapes(client *contract.Client, values []contract.Shape) any {
	back, wire := sent(func(keep contract.CallOption) ([]contract.Shape, error) {
		return client.EchoShapes(background, &contract.EchoShapesInput{Body: values}, keep)
	})
	var names []string
	for _, shape := range back {
		switch {
		case shape.Circle != nil:
			names = append(names, "Circle")
		case shape.Square != nil:
			names = append(names, "Square")
		default:
			names = append(names, "unknown")
		}
	}
	return object{"wire": wire, "variants": names}
}

func answers(client *contract.Client, values []contract.Answer) any {
	back, wire := sent(func(keep contract.CallOption) ([]contract.Answer, error) {
		return client.EchoAnswers(background, &contract.EchoAnswersInput{Body: values}, keep)
	})
	var names []string
	for _, answer := range back {
		switch {
		case answer.String != nil:
			names = append(names, "string")
		case answer.Integer != nil:
			names = append(names, "integer")
		case answer.Boolean != nil:
			names = append(names, "boolean")
		case answer.List != nil:
			names = append(names, "list")
		case answer.Circle != nil:
			names = append(names, "Circle")
		case answer.Problem != nil:
			names = append(names, "Problem")
		default:
			names = append(names, "unknown")
		}
	}
	return object{"wire": wire, "variants": names}
}

var valueScenarios = map[string]scenario{
	"values.scalars": func(r *recorder) any {
		return scalars(r.gateway(), contract.Scalars{
			Text: "A ü 😀 \" \\ / \n \u0000 </script> \u2028", Flag: true, Small: 2147483647, Big: 9223372036854775807,
			Whole: 9007199254740991, Ratio: 0.1, When: time.Date(2024, 2, 29, 23, 59, 59, 120_000_000, time.UTC),
			Day: leapDay, Data: []byte{0, 255, 254}, Color: contract.ColorDarkBlue,
		})
	},
	"values.least": func(r *recorder) any {
		return scalars(r.gateway(), contract.Scalars{
			Small: -2147483648, Big: -9223372036854775808, Whole: -9007199254740991, Ratio: -1.5e300,
			When: time.Unix(0, 0), Day: contract.DateOf(time.Unix(0, 0).UTC()), Color: "ultraviolet",
		})
	},
	"values.unknown": func(r *recorder) any {
		client := r.gateway()
		return scalars(client, *must(client.ReadScalars(background)))
	},
	"values.times": func(r *recorder) any {
		value := must(r.gateway().ReadTimes(background))
		var times []int64
		for _, instant := range value.Times {
			times = append(times, instant.UnixMilli())
		}
		return object{"times": times, "days": value.Days}
	},
	"values.nullable-write": func(r *recorder) any {
		client := r.gateway()
		var results []any
		for _, value := range []contract.Nullables{
			{},
			{
				May: contract.NullOf[string](), Number: contract.NullOf[int64](), Thing: contract.NullOf[contract.Thing](),
			},
			{
				Must: contract.Ptr("m"), Plain: contract.Ptr("p"), May: contract.NullableOf(""),
				Number: contract.NullableOf(int64(0)), Thing: contract.NullableOf(contract.Thing{ID: "t"}),
			},
		} {
			_, wire := sent(func(keep contract.CallOption) (*contract.Nullables, error) {
				return client.EchoNullables(background, &contract.EchoNullablesInput{Body: value}, keep)
			})
			results = append(results, object{"wire": wire})
		}
		return results
	},
	"values.nullable-read": func(r *recorder) any {
		client := r.gateway()
		var results []any
		for _, name := range []string{"absent", "null", "value"} {
			value := must(client.ReadNullables(background, &contract.ReadNullablesInput{State: name}))
			results = append(results, object{
				"must": pointerState(value.Must, "null"), "plain": pointerState(value.Plain, "absent"),
				"may": state(value.May), "number": state(value.Number), "thing": state(value.Thing),
			})
		}
		return results
	},
	"values.open": func(r *recorder) any {
		client := r.gateway()
		value := contract.OpenThing{
			Name: "n",
			Loose: map[string]json.RawMessage{
				"list": json.RawMessage(`[1, 0.5, null, "t", true]`), "big": json.RawMessage(`9223372036854775807`),
			},
			AdditionalProperties: map[string]int64{"extra": 9223372036854775807, "more": -1},
		}
		back, wire := sent(func(keep contract.CallOption) (*contract.OpenThing, error) {
			return client.EchoOpen(background, &contract.EchoOpenInput{Body: value}, keep)
		})
		var names []string
		for name := range back.AdditionalProperties {
			names = append(names, name)
		}
		sort.Strings(names)
		return object{
			"wire": wire, "name": back.Name, "extra": exact(back.AdditionalProperties["extra"]), "names": names,
		}
	},
	"values.collections": func(r *recorder) any {
		back, wire := collections(r.gateway(), contract.Collections{
			Matrix: [][]int32{{1, 2}, {}, {3}},
			Labels: map[string]string{"a": "b", "": "c d"},
			Groups: map[string][]contract.Thing{"g": {{ID: "x", Count: contract.Ptr(int32(1))}}, "h": {}},
			Colors: []contract.Color{contract.ColorRed, contract.ColorDarkBlue, "infrared"},
			Maybes: []*string{contract.Ptr("a"), nil},
			Days:   map[string]contract.Date{"d": leapDay},
		})
		return object{
			"wire": wire, "matrix": back.Matrix, "maybes": back.Maybes, "colors": back.Colors,
			"day": back.Days["d"].String(),
		}
	},
	"values.empty": func(r *recorder) any {
		back, wire := collections(r.gateway(), contract.Collections{})
		return object{"wire": wire, "matrix": back.Matrix, "labels": back.Labels}
	},
	"values.tree": func(r *recorder) any {
		client := r.gateway()
		value := contract.Tree{
			Value: 1, Next: &contract.Tree{Value: 2, Next: &contract.Tree{Value: 3}},
			Children: []contract.Tree{{Value: 4}, {Value: 5, Children: []contract.Tree{}}},
		}
		back, wire := sent(func(keep contract.CallOption) (*contract.Tree, error) {
			return client.EchoTree(background, &contract.EchoTreeInput{Body: value}, keep)
		})
		return object{"wire": wire, "deep": back.Next.Next.Value}
	},
	"values.merged": func(r *recorder) any {
		client := r.gateway()
		value := contract.NamedThing{ID: "i", Count: contract.Ptr(int32(2)), Name: "n"}
		back, wire := sent(func(keep contract.CallOption) (*contract.NamedThing, error) {
			return client.EchoMerged(background, &contract.EchoMergedInput{Body: value}, keep)
		})
		return object{"wire": wire, "id": back.ID, "count": back.Count, "name": back.Name}
	},
	"values.shapes-write": func(r *recorder) any {
		return shapes(r.gateway(), []contract.Shape{
			{Circle: &contract.Circle{Kind: "circle", Radius: 1.5}}, {Circle: &contract.Circle{Kind: "round", Radius: 0.5}},
			{Square: &contract.Square{Kind: "square", Side: 3}},
		})
	},
	"values.shapes-read": func(r *recorder) any {
		client := r.gateway()
		return shapes(client, must(client.ReadShapes(background)))
	},
	"values.answers-write": func(r *recorder) any {
		return answers(r.gateway(), []contract.Answer{
			{String: contract.Ptr("t")}, {Integer: contract.Ptr(int64(-9223372036854775808))},
			{Boolean: contract.Ptr(false)}, {List: []string{"x"}},
			{Circle: &contract.Circle{Kind: "k", Radius: 0.25}}, {Problem: &contract.Problem{Code: "c", Message: "m"}},
		})
	},
	"values.answers-read": func(r *recorder) any {
		client := r.gateway()
		return answers(client, must(client.ReadAnswers(background)))
	},
	"values.json": func(r *recorder) any {
		client := r.gateway()
		_, wire := sent(func(keep contract.CallOption) (json.RawMessage, error) {
			return client.EchoJSON(background, &contract.EchoJSONInput{Body: json.RawMessage(
				`{"n": 9223372036854775807, "least": -9223372036854775808, "d": 0.1, "t": "ü\u0000",
				"l": [true, null, {}], "": []}`)}, keep)
		})
		return object{"wire": wire}
	},
}
