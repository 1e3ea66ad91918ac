package main

import (
	"bytes"
	"errors"
	"io"
	"time"

	"contract"
)

// pieces is a stream of no known length that can be read once.
type pieces struct{ list [][]byte }

func (p *pieces) Read(target []byte) (int, error) {
	for len(p.list) > 0 && len(p.list[0]) == 0 {
		p.list = p.list[1:]
	}
	if len(p.list) == 0 {
		return 0, io.EOF
	}
	n := copy(target, p.list[0])
	p.list[0] = p.list[0][n:]
	return n, nil
}

func allBytes() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

var wireScenarios = map[string]scenario{
	"wire.path": func(r *recorder) any {
		input := &contract.CallPathInput{Segment: "a b/c%ü~.-_!*'()", Rest: "x/y z/%/ü?#"}
		return must(r.echo().CallPath(background, input)).Target
	},
	"wire.path-empty": func(r *recorder) any {
		client := r.echo()
		return []any{
			describe(failed(client.CallPath(background, &contract.CallPathInput{Segment: "", Rest: "x"}))),
			describe(failed(client.CallPath(background, &contract.CallPathInput{Segment: "x", Rest: ""}))),
		}
	},
	"wire.path-typed": func(r *recorder) any {
		return must(r.echo().CallTypedPath(background, &contract.CallTypedPathInput{
			Count: 9223372036854775807, Day: contract.Date{Year: 2024, Month: time.February, Day: 29},
			Color: contract.ColorDarkBlue,
		})).Target
	},
	"wire.base-slash": func(r *recorder) any {
		return must(r.echoWord("").CallPath(background, &contract.CallPathInput{Segment: "a", Rest: "b"})).Target
	},
	"wire.query": func(r *recorder) any {
		return must(r.echo().CallQuery(background, &contract.CallQueryInput{
			Text:       contract.Ptr("a b+c&d=e/f?ü'()*!~"),
			Flag:       contract.Ptr(false),
			Count:      contract.Ptr(int64(-1)),
			Ratio:      contract.Ptr(0.5),
			When:       contract.Ptr(time.Date(2024, 2, 29, 23, 59, 59, 500_000_000, time.UTC)),
			Day:        &contract.Date{Year: 2024, Month: time.February, Day: 29},
			Color:      contract.Ptr(contract.ColorDarkBlue),
			Tags:       []string{"a", "b&c", ""},
			Commas:     []string{"a", "b c"},
			Blanks:     []string{"a", "b"},
			Pipes:      []int32{1, 2},
			FilterName: contract.Ptr("x"),
		})).Target
	},
	"wire.query-none": func(r *recorder) any {
		return must(r.echo().CallQuery(background, nil)).Target
	},
	"wire.query-empty": func(r *recorder) any {
		input := &contract.CallQueryInput{Text: contract.Ptr(""), Tags: []string{}, Commas: []string{}}
		return must(r.echo().CallQuery(background, input)).Target
	},
	"wire.headers": func(r *recorder) any {
		echo := must(r.echo().CallHeaders(background, &contract.CallHeadersInput{
			XRequired: "a  b", XFlag: contract.Ptr(true), XCount: contract.Ptr(int64(-9223372036854775808)),
			XTags: []string{"a", "b c"},
		}))
		return object{
			"required": header(echo, "x-required"), "flag": header(echo, "x-flag"), "count": header(echo, "x-count"),
			"tags": header(echo, "x-tags"),
		}
	},
	"wire.header-break": func(r *recorder) any {
		client := r.echo()
		var results []any
		for _, text := range []string{"a\r\nX-Evil: 1", "a\nb"} {
			input := &contract.CallHeadersInput{XRequired: text}
			results = append(results, describe(failed(client.CallHeaders(background, input))))
		}
		return results
	},
	"wire.any": func(r *recorder) any {
		client := r.echo()
		body := &contract.Thing{ID: "y"}
		var results []any
		for _, echo := range []*contract.Echo{
			must(client.CallAny(background, "PATCH", &contract.CallAnyInput{ID: "x", Body: body})),
			must(client.CallAny(background, "DELETE", &contract.CallAnyInput{ID: "x"})),
		} {
			results = append(results, object{
				"method": echo.Method, "type": header(echo, "content-type"), "wire": string(echo.Body),
			})
		}
		return results
	},
	"wire.user-agent": func(r *recorder) any {
		return header(must(r.echo().CallQuery(background, nil)), "user-agent")
	},
	"wire.accept": func(r *recorder) any {
		client := r.echo()
		var response contract.RawResponse
		var results []string
		keep := contract.WithResponse(&response)
		must(client.CallQuery(background, nil, keep))
		results = append(results, response.Header.Get("X-Contract-Accept"))
		must(client.EchoText(background, &contract.EchoTextInput{Body: "x"}, keep))
		results = append(results, response.Header.Get("X-Contract-Accept"))
		must(client.Download(background, &contract.DownloadInput{Size: 1}, keep))
		return append(results, response.Header.Get("X-Contract-Accept"))
	},
	"wire.text": func(r *recorder) any {
		input := &contract.EchoTextInput{Body: "Grüße\n\"quoted\" \\ 😀"}
		return must(r.gateway().EchoText(background, input))
	},
	"wire.upload": func(r *recorder) any {
		input := &contract.UploadBytesInput{Body: bytes.NewReader(allBytes())}
		return must(r.gateway().UploadBytes(background, input)).Data
	},
	"wire.upload-stream": func(r *recorder) any {
		stream := &pieces{}
		for n := byte(0); n < 4; n++ {
			stream.list = append(stream.list, bytes.Repeat([]byte{n}, 65536))
		}
		wanted := bytes.Join(stream.list, nil)
		echo := must(r.echo().StreamBytes(background, &contract.StreamBytesInput{Body: stream}))
		return object{
			"size": len(echo.Body), "same": bytes.Equal(echo.Body, wanted),
			"encoding": header(echo, "transfer-encoding"), "type": header(echo, "content-type"),
		}
	},
	"wire.upload-retried": func(r *recorder) any {
		input := &contract.StreamBytesInput{Body: bytes.NewReader([]byte{1, 2, 3})}
		echo := must(r.echoWord("flaky").StreamBytes(background, input, contract.WithIdempotencyKey("k")))
		return object{"body": echo.Body, "attempts": r.attempts}
	},
	"wire.upload-stream-not-retried": func(r *recorder) any {
		input := &contract.StreamBytesInput{Body: &pieces{list: [][]byte{{1, 2, 3}}}}
		err := failed(r.echoWord("flaky").StreamBytes(background, input, contract.WithIdempotencyKey("k")))
		return object{"result": describe(err), "attempts": r.attempts}
	},
	"wire.download": func(r *recorder) any {
		return must(r.echo().Download(background, &contract.DownloadInput{Size: 256}))
	},
	"wire.download-stream": func(r *recorder) any {
		client := r.echo()
		input := &contract.DownloadInput{Size: 1_000_000, Hold: contract.Ptr("gate")}
		body := must(client.DownloadStream(background, input))
		defer body.Close()
		first := make([]byte, 1000)
		must(io.ReadFull(body, first))
		if err := client.OpenGate(background, &contract.OpenGateInput{Name: "gate"}); err != nil {
			panic(err)
		}
		all := append(first, must(io.ReadAll(body))...)
		sum := 0
		for _, value := range all {
			sum += int(value)
		}
		return object{"size": len(all), "sum": sum}
	},
	"wire.download-error": func(r *recorder) any {
		client := r.client(gatewayURL("nothing"))
		return describe(failed(client.DownloadStream(background, &contract.DownloadInput{Size: 1})))
	},
	"wire.download-broken": func(r *recorder) any {
		body := must(r.echoWord("truncated").DownloadStream(background, &contract.DownloadInput{Size: 1000}))
		defer body.Close()
		all, err := io.ReadAll(body)
		if len(all) != 500 {
			panic(errors.New("not 500 bytes before the end"))
		}
		return describe(failed(all, err))
	},
}
