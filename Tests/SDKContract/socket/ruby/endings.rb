# frozen_string_literal: true

Scenario.define("close") do
  socket = connect
  socket.close(3001, "bye")
  { result: rest(socket), closes: closes }
end

Scenario.define("closed") do
  socket = connect
  error { command(socket, "close", text: "why", number: 4001) }
end

Scenario.define("restart") do
  socket = connect(options: { reconnect: false })
  error { command(socket, "close", number: 1001) }
end

Scenario.define("ended") do
  socket = connect
  socket.run(SocketContract::Models::Command.new(name: "close", number: 1000))
  rest(socket)
end

Scenario.define("send-closed") do
  socket = connect
  socket.close
  error { say(socket, "x") }
end

Scenario.define("reconnect") do
  socket = connect("#{Scenario::URL}/flaky", options: { on_reconnect: again })
  message = command(socket, "drop")
  { text: message.value.text, waits: waits, reconnects: @reconnects }
end

Scenario.define("reconnect-close") do
  socket = connect(options: { on_reconnect: again })
  message = command(socket, "close", number: 1012)
  { text: message.value.text, waits: waits, reconnects: @reconnects }
end

Scenario.define("reconnect-off") do
  socket = connect(options: { reconnect: false })
  error { command(socket, "drop") }
end

Scenario.define("reconnect-gives-up") do
  socket = connect("#{Scenario::URL}/gone", options: { max_reconnects: 3 })
  { result: error { command(socket, "drop") }, waits: waits }
end

Scenario.define("reconnect-refused") do
  socket = connect("#{Scenario::URL}/forbidden")
  { result: error { command(socket, "drop") }, waits: waits }
end
