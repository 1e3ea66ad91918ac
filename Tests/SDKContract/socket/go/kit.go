package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	contract "socket-contract"
)

// object is a JSON object.
type object = map[string]any

// message is what comes.
type message = *contract.SocketMessage[contract.IncomingMessage]

// kit is what one scenario uses.
type kit struct {
	name       string
	waits      []int64
	reconnects int
	sockets    []*contract.Socket
}

// setup is what a scenario changes before it connects.
type setup struct {
	url     string
	client  contract.ClientOptions
	input   contract.ConnectInput
	options contract.SocketOptions
}

func chat() string { return os.Getenv("CONTRACT_SOCKET_URL") + "/chat" }

// open connects to the scenario's room.
func (k *kit) open(changes ...func(*setup)) (*contract.Socket, error) {
	s := setup{url: chat(), input: contract.ConnectInput{Room: k.name}}
	s.client = contract.ClientOptions{
		APIKey: "contract-key-0123456789",
		Region: "us-east-1",
		Credentials: contract.StaticCredentials(contract.AWSCredentials{
			AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
		}),
		Random: func() float64 { return 0.5 },
		Sleep: func(_ context.Context, duration time.Duration) error {
			k.waits = append(k.waits, duration.Milliseconds())
			return nil
		},
	}
	for _, change := range changes {
		change(&s)
	}
	s.client.BaseURL = s.url
	client, err := contract.NewClient(s.client)
	if err != nil {
		return nil, err
	}
	socket, err := client.Connect(context.Background(), &s.input, &s.options)
	if err == nil {
		k.sockets = append(k.sockets, socket)
	}
	return socket, err
}

func (k *kit) connect(changes ...func(*setup)) *contract.Socket { return must(k.open(changes...)) }

func at(path string) func(*setup) {
	return func(s *setup) { s.url = os.Getenv("CONTRACT_SOCKET_URL") + path }
}

func once(s *setup) { s.options.NoReconnect = true }

// again says so after a reconnection. The socket is known once it is open.
func (k *kit) again(s *setup) {
	s.options.OnReconnect = func(context.Context) {
		k.reconnects++
		check(k.sockets[0].Say(contract.Say{Text: "again"}))
	}
}

func (k *kit) close() {
	for _, socket := range k.sockets {
		_ = socket.Close()
	}
}

// closes are the close frames of the scenario's room.
func (k *kit) closes() any { return report(k.connect(), "closes") }

func receive(socket *contract.Socket) (message, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return socket.Receive(ctx)
}

// command is the command of that name with text and number, where they are given.
func command(name string, text string, number int32) contract.Command {
	command := contract.Command{Name: name}
	if text != "" {
		command.Text = contract.Ptr(text)
	}
	if number != 0 {
		command.Number = contract.Ptr(number)
	}
	return command
}

// run is the first message after a command.
func run(socket *contract.Socket, name string, text string, number int32) (message, error) {
	if err := socket.Run(command(name, text, number)); err != nil {
		return nil, err
	}
	return receive(socket)
}

func report(socket *contract.Socket, name string) []string {
	return texts(must(run(socket, name, "", 0)))
}

func texts(m message) []string {
	if m.Value.Report == nil {
		panic("no report: " + m.Text)
	}
	return m.Value.Report.Texts
}

func said(m message) contract.Said {
	if m.Value.Said == nil {
		panic("nothing said: " + m.Text)
	}
	return *m.Value.Said
}

// refusal is what the gateway says of a message that failed, and which ids it tells.
func refusal(m message) any {
	value := m.Value.MessageFailure
	if value == nil {
		panic("no failure: " + m.Text)
	}
	return object{
		"message": value.Message, "connection": value.ConnectionID != "", "request": value.RequestID != nil,
		"messageId": value.MessageID != nil,
	}
}

func kind(m message) string {
	switch {
	case m.Data != nil:
		return "bytes"
	case m.Value.Said != nil:
		return "Said"
	case m.Value.Report != nil:
		return "Report"
	case m.Value.Joined != nil:
		return "Joined"
	case m.Value.MessageFailure != nil:
		return "MessageFailure"
	case m.Value.Unknown != nil:
		return "unknown"
	}
	return "nothing"
}

// rest tells how receiving everything ends.
func rest(socket *contract.Socket) any {
	for {
		_, err := receive(socket)
		if errors.Is(err, io.EOF) {
			return "end"
		}
		if err != nil {
			return describe(err)
		}
	}
}

// failure is the error of a call that must not succeed.
func failure(value any, err error) any {
	if err == nil {
		return object{"error": fmt.Sprintf("none: %v", value)}
	}
	return describe(err)
}

func describe(err error) any {
	var operation *contract.OperationError
	if !errors.As(err, &operation) {
		return object{"error": "foreign", "type": err.Error()}
	}
	var (
		closed    *contract.ConnectionClosedError
		gateway   *contract.GatewayError
		response  *contract.ResponseError
		transport *contract.TransportError
		timeout   *contract.TimeoutError
		option    *contract.MissingOptionError
		argument  *contract.InvalidArgumentError
	)
	switch {
	case errors.As(err, &closed):
		return object{"error": "closed", "code": closed.Code, "reason": closed.Reason}
	case errors.As(err, &gateway):
		return object{
			"error": "gateway", "status": gateway.StatusCode, "errorType": gateway.ErrorType, "message": gateway.Message,
			"requestId": gateway.RequestID != "",
		}
	case errors.As(err, &response):
		return object{"error": "response", "status": response.StatusCode, "message": response.Message}
	case errors.As(err, &timeout):
		return object{"error": "timeout"}
	case errors.As(err, &option), errors.As(err, &argument):
		return object{"error": "argument"}
	case errors.As(err, &transport):
		return object{"error": "transport"}
	}
	return object{"error": "unknown", "type": err.Error()}
}
