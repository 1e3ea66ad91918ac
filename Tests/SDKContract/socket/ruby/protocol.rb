# frozen_string_literal: true

Scenario.define("fragments") do
  socket = connect
  first = command(socket, "fragments")
  { text: first.value.text, texts: texts(socket.receive(timeout: 30)) }
end

Scenario.define("frames") do
  socket = connect
  say(socket, "x" * 100_000)
  socket.receive(timeout: 30)
  report(socket, "frames")
end

Scenario.define("long") do
  socket = connect
  length = nil
  result = error do
    say(socket, "x" * 100_000)
    length = socket.receive(timeout: 30).value.text.length
  end
  length || result
end

Scenario.define("big") { command(connect, "big", number: 200_000).value.text.length }

Scenario.define("too-big") do
  socket = connect(options: { reconnect: false, max_message_bytes: 1000 })
  result = error { command(socket, "big", number: 2000) }
  { result: result, closes: closes }
end

%w[masked reserved surrogate opcode].each do |name|
  Scenario.define(name) do
    socket = connect(options: { reconnect: false })
    result = error { command(socket, name) }
    { result: result, closes: closes }
  end
end

Scenario.define("ping") do
  socket = connect
  2.times { socket.ping }
  report(socket, "pings")
end

Scenario.define("keep-alive") do
  socket = connect("#{Scenario::URL}/mute", options: { reconnect: false, ping_interval: 0.1 })
  error { socket.receive(timeout: 30) }
end

Scenario.define("kept-alive") do
  socket = connect(options: { reconnect: false, ping_interval: 0.5 })
  result = error { socket.receive(timeout: 1.3) }
  say(socket, "x")
  { result: result, text: socket.receive(timeout: 30).value.text }
end

Scenario.define("receive-timeout") do
  socket = connect
  result = error { socket.receive(timeout: 0.1) }
  say(socket, "x")
  { result: result, text: socket.receive(timeout: 30).value.text }
end
