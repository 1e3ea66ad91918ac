package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"time"

	contract "socket-contract"
)

const failureText = `{"message":"Internal server error","connectionId":"c=","requestId":"r="}`

func violation(k *kit, name string, number int32, changes ...func(*setup)) any {
	result := failure(run(k.connect(append(changes, once)...), name, "", number))
	return object{"result": result, "closes": k.closes()}
}

func optional(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

func protocol(socket *contract.Socket) any {
	if socket.Subprotocol() == "" {
		return nil
	}
	return socket.Subprotocol()
}

func tracing(trace string) func(*setup) {
	return func(s *setup) { s.input.XTrace = contract.Ptr(trace) }
}

func offering(names ...string) func(*setup) {
	return func(s *setup) { s.options.Subprotocols = names }
}

var scenarios = map[string]func(k *kit) any{
	"head": func(k *kit) any {
		return report(k.connect(func(s *setup) {
			s.input = contract.ConnectInput{Room: "a b&c", Tags: []string{"x", "y z"}, XTrace: contract.Ptr("t")}
		}), "head")
	},
	"join": func(k *kit) any {
		socket := k.connect()
		since := contract.Date{Year: 2024, Month: time.February, Day: 29}
		check(socket.Join(contract.Join{Room: "r", Since: &since}))
		m := must(receive(socket))
		return object{"kind": kind(m), "room": m.Value.Joined.Room, "members": strconv.FormatInt(m.Value.Joined.Members, 10)}
	},
	"say": func(k *kit) any {
		socket := k.connect()
		check(socket.Say(contract.Say{Text: "ü 😀"}))
		m := must(receive(socket))
		return object{"kind": kind(m), "text": said(m).Text, "at": said(m).At.UnixMilli(), "wire": m.Text}
	},
	"wire": func(k *kit) any {
		socket := k.connect()
		var results []any
		for _, send := range []func() error{
			func() error { return socket.LookAround(nil) },
			func() error { return socket.LookAround(json.RawMessage(`{"a": 1, "action": "x"}`)) },
			func() error { return socket.SendAnything(json.RawMessage(`{"b": [null]}`)) },
			func() error { return socket.SendAnything(json.RawMessage(`[1]`)) },
		} {
			check(send())
			results = append(results, object{"wire": texts(must(receive(socket)))[0]})
		}
		return results
	},
	"no-object": func(k *kit) any { return failure(nil, k.connect().LookAround(json.RawMessage(`[1]`))) },
	"kinds": func(k *kit) any {
		socket := k.connect()
		var found []string
		for _, text := range []string{
			`{"type":"whispered","text":"w"}`, `{"room":"r","members":1}`, failureText,
			`{"message":"Bad request body","connectionId":"c=","messageId":"m="}`, `{"type":"other"}`, `{"type":"said"}`,
			"no JSON", "7",
		} {
			found = append(found, kind(must(run(socket, "send", text, 0))))
		}
		return append(found, kind(must(run(socket, "bytes", "", 0))))
	},
	"failure": func(k *kit) any {
		value := must(run(k.connect(), "send", failureText, 0)).Value.MessageFailure
		return object{
			"message": value.Message, "connection": value.ConnectionID, "request": optional(value.RequestID),
			"messageId": optional(value.MessageID),
		}
	},
	"invalid": func(k *kit) any {
		socket := k.connect()
		check(socket.SendAnything(json.RawMessage(`{"action": "say"}`)))
		return refusal(must(receive(socket)))
	},
	"fault": func(k *kit) any { return refusal(must(run(k.connect(), "fault", "", 0))) },
	"unknown": func(k *kit) any {
		socket := k.connect()
		var results []any
		for _, text := range []string{`{"type":"other","n":9007199254740993}`, "no JSON"} {
			m := must(run(socket, "send", text, 0))
			results = append(results, object{"wire": m.Text, "json": object{"wire": string(m.Value.Unknown)}})
		}
		return results
	},
	"fragments": func(k *kit) any {
		socket := k.connect()
		first := must(run(socket, "fragments", "", 0))
		return object{"text": said(first).Text, "texts": texts(must(receive(socket)))}
	},
	"frames": func(k *kit) any {
		socket := k.connect()
		check(socket.Say(contract.Say{Text: strings.Repeat("x", 100_000)}))
		must(receive(socket))
		return report(socket, "frames")
	},
	"long": func(k *kit) any {
		socket := k.connect()
		if err := socket.Say(contract.Say{Text: strings.Repeat("x", 100_000)}); err != nil {
			return describe(err)
		}
		m, err := receive(socket)
		if err != nil {
			return describe(err)
		}
		return len(said(m).Text)
	},
	"big": func(k *kit) any { return len(said(must(run(k.connect(), "big", "", 200_000))).Text) },
	"too-big": func(k *kit) any {
		return violation(k, "big", 2000, func(s *setup) { s.options.MaxMessageBytes = 1000 })
	},
	"bytes": func(k *kit) any {
		socket := k.connect()
		check(socket.SendBytes([]byte{255, 0}))
		return base64.StdEncoding.EncodeToString(must(run(socket, "mirror", "", 0)).Data)
	},
	"masked":    func(k *kit) any { return violation(k, "masked", 0) },
	"reserved":  func(k *kit) any { return violation(k, "reserved", 0) },
	"surrogate": func(k *kit) any { return violation(k, "surrogate", 0) },
	"opcode":    func(k *kit) any { return violation(k, "opcode", 0) },
	"close": func(k *kit) any {
		socket := k.connect()
		check(socket.CloseWith(3001, "bye"))
		return object{"result": rest(socket), "closes": k.closes()}
	},
	"closed":  func(k *kit) any { return failure(run(k.connect(), "close", "why", 4001)) },
	"restart": func(k *kit) any { return failure(run(k.connect(once), "close", "", 1001)) },
	"ended": func(k *kit) any {
		socket := k.connect()
		check(socket.Run(command("close", "", 1000)))
		return rest(socket)
	},
	"send-closed": func(k *kit) any {
		socket := k.connect()
		check(socket.Close())
		return failure(nil, socket.Say(contract.Say{Text: "x"}))
	},
	"reconnect": func(k *kit) any {
		text := said(must(run(k.connect(at("/flaky"), k.again), "drop", "", 0))).Text
		return object{"text": text, "waits": k.waits, "reconnects": k.reconnects}
	},
	"reconnect-close": func(k *kit) any {
		text := said(must(run(k.connect(k.again), "close", "", 1012))).Text
		return object{"text": text, "waits": k.waits, "reconnects": k.reconnects}
	},
	"reconnect-off": func(k *kit) any { return failure(run(k.connect(once), "drop", "", 0)) },
	"reconnect-gives-up": func(k *kit) any {
		socket := k.connect(at("/gone"), func(s *setup) { s.options.MaxReconnects = 3 })
		return object{"result": failure(run(socket, "drop", "", 0)), "waits": k.waits}
	},
	"reconnect-refused": func(k *kit) any {
		return object{"result": failure(run(k.connect(at("/forbidden")), "drop", "", 0)), "waits": k.waits}
	},
	"refused": func(k *kit) any { return failure(k.open(at("/refuse-403"))) },
	"garbled": func(k *kit) any { return failure(k.open(at("/garbled"))) },
	"port": func(k *kit) any {
		return failure(k.open(func(s *setup) { s.url = os.Getenv("CONTRACT_REFUSED_URL") }))
	},
	"timeout": func(k *kit) any {
		return failure(k.open(func(s *setup) {
			s.url = os.Getenv("CONTRACT_SILENT_URL")
			s.client.Timeout = 200 * time.Millisecond
		}))
	},
	"protocol":         func(k *kit) any { return protocol(k.connect(at("/protocol-b"), offering("a", "b"))) },
	"protocol-none":    func(k *kit) any { return protocol(k.connect()) },
	"protocol-unasked": func(k *kit) any { return failure(k.open(at("/protocol-c"), offering("a"))) },
	"key-missing":      func(k *kit) any { return failure(k.open(func(s *setup) { s.client.APIKey = "" })) },
	"key-wrong": func(k *kit) any {
		return failure(k.open(func(s *setup) { s.client.APIKey = "contract-key-9876543210" }))
	},
	"unauthorized": func(k *kit) any { return failure(k.open(at("/guarded"))) },
	"denied":       func(k *kit) any { return failure(k.open(at("/guarded"), tracing("deny"))) },
	"authorized":   func(k *kit) any { return report(k.connect(at("/guarded"), tracing("allow")), "caller") },
	"break": func(k *kit) any {
		return failure(k.open(func(s *setup) { s.input.XTrace = contract.Ptr("a\r\nX: b") }))
	},
	"ping": func(k *kit) any {
		socket := k.connect()
		check(socket.Ping())
		check(socket.Ping())
		return report(socket, "pings")
	},
	"keep-alive": func(k *kit) any {
		socket := k.connect(at("/mute"), once, func(s *setup) { s.options.PingInterval = 100 * time.Millisecond })
		return failure(receive(socket))
	},
	"kept-alive": func(k *kit) any {
		socket := k.connect(once, func(s *setup) { s.options.PingInterval = 500 * time.Millisecond })
		ctx, cancel := context.WithTimeout(context.Background(), 1300*time.Millisecond)
		defer cancel()
		result := failure(socket.Receive(ctx))
		check(socket.Say(contract.Say{Text: "x"}))
		return object{"result": result, "text": said(must(receive(socket))).Text}
	},
	"receive-timeout": func(k *kit) any {
		socket := k.connect()
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		result := failure(socket.Receive(ctx))
		check(socket.Say(contract.Say{Text: "x"}))
		return object{"result": result, "text": said(must(receive(socket))).Text}
	},
}
